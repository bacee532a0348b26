"""Versions of service standards, by code and instant."""

from collections.abc import Sequence
from datetime import datetime

from servicing.catalogue import NoSuchStandard, missing_sentence
from servicing.models import ServiceStandard
from servicing.models.standard import Authority

CEILING = "_law"

__all__ = ["NoSuchStandard", "all_in_force", "ceilings_of", "in_force", "newest", "version"]


def in_force(code: str, at: datetime) -> ServiceStandard:
    """This function will give the version of a standard that holds at an instant; raises NoSuchStandard."""
    found = ServiceStandard.objects.in_force(at).filter(code=code).first()
    if found is None:
        codes = ServiceStandard.objects.values_list("code", flat=True).distinct()
        raise NoSuchStandard(missing_sentence(code, codes))
    return found


def all_in_force(codes: Sequence[str], at: datetime) -> dict[str, ServiceStandard]:
    """This function will give the versions of some standards that hold at an instant, by code and in the order asked.

    One query, none for no codes; raises NoSuchStandard.
    """
    found = (
        {row.code: row for row in ServiceStandard.objects.in_force(at).filter(code__in=codes)}
        if codes
        else {}
    )
    return {code: found[code] if code in found else in_force(code, at) for code in codes}


def newest(code: str) -> ServiceStandard | None:
    """This function will give the newest version of a standard, in force or still ahead."""
    return ServiceStandard.objects.filter(code=code, active_to__isnull=True).first()


def version(code: str, number: int) -> ServiceStandard | None:
    """This function will give one version of a standard."""
    return ServiceStandard.objects.filter(code=code, version=number).first()


def ceilings_of(*, kind: str, start: str) -> list[ServiceStandard]:
    """This function will list the law's running limits for the same kind of thing from the same start."""
    law = ServiceStandard.objects.filter(active_to__isnull=True, authority=Authority.STATUTORY)
    return list(law.filter(kind=kind + CEILING, start=start))
