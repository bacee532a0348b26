"""Versions of service standards, by code and instant."""

from datetime import datetime
from difflib import get_close_matches

from django.utils.translation import gettext as _

from crm.refusal import Refusal
from servicing.catalogue import shipped
from servicing.models import ServiceStandard
from servicing.models.standard import Authority

CEILING = "_law"


class NoSuchStandard(Refusal):
    """No version of that code is in force at that instant."""


def in_force(code: str, at: datetime) -> ServiceStandard:
    """This function will give the version of a standard that holds at an instant; raises NoSuchStandard."""
    found = ServiceStandard.objects.in_force(at).filter(code=code).first()
    if found is None:
        raise NoSuchStandard(_missing(code))
    return found


def as_shipped(code: str) -> ServiceStandard:
    """This function will give the published version that says what the rule book says; raises NoSuchStandard."""
    entry = shipped().get(code)
    found = ServiceStandard.objects.filter(code=code, digest=entry.digest).first() if entry else None
    if found is None:
        raise NoSuchStandard(_missing(code))
    return found


def ceilings_of(*, kind: str, start: str) -> list[ServiceStandard]:
    """This function will list the law's running limits for the same kind of thing from the same start."""
    law = ServiceStandard.objects.filter(active_to__isnull=True, authority=Authority.STATUTORY)
    return list(law.filter(kind=kind + CEILING, start=start))


def _missing(code: str) -> str:
    codes = ServiceStandard.objects.values_list("code", flat=True).distinct()
    near = get_close_matches(code, list(codes), n=3, cutoff=0.5)
    hint = _("是否指：%(near)s？") % {"near": "、".join(near)} if near else _("请核对编号。")
    return _("没有编号为“%(code)s”的有效服务标准，%(hint)s") % {"code": code, "hint": hint}
