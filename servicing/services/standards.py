"""Publishing service standards. A published version never changes; a change is a new version that closes the former."""

import hashlib
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import User
from crm.refusal import Refusal
from crm.services import audit
from crm.time import at_time
from crm.time.calendar import FIRST_DAY
from servicing.catalogue import Entry, entry_of, shipped
from servicing.clocks import clock_of, is_clock, shortest_seconds
from servicing.models import ServiceStandard
from servicing.models.standard import Authority
from servicing.selectors.standards import ceilings_of

# The first shipped version holds for promises that began long before the product was installed.
BEGINNING = at_time(FIRST_DAY, time(0))


class LongerThanTheLaw(Refusal):
    """The company would promise later than the law allows."""


class NeedsASecondPerson(Refusal):
    """Standards are published by one person and approved by another (rulebook X-24)."""


class PublishedMeanwhile(Refusal):
    """Somebody else published a version of the same standard a moment ago."""


class ChangeHasNoReason(Refusal):
    """A standard was to be changed without saying why."""


@transaction.atomic
def load_shipped(*, now: datetime) -> int:
    """This function will publish the shipped entries that are not published yet, and tell how many.

    Twice is the same as once. A changed entry becomes a new version; a company limit that the institution
    published for itself stays, whatever a later release ships.
    """
    known = {(code, digest) for code, digest in ServiceStandard.objects.values_list("code", "digest")}
    running = {row.code: row for row in ServiceStandard.objects.filter(active_to__isnull=True)}
    added = 0
    for entry in shipped().values():
        current = running.get(entry.code)
        if (entry.code, entry.digest) in known or (current is not None and _is_the_houses_own(current)):
            continue
        _publish(entry, current, digest=entry.digest, since=now if current else BEGINNING, now=now)
        added += 1
    return added


@transaction.atomic
def publish(*, entry: Entry, reason: str, by: User, approver: User, now: datetime) -> ServiceStandard:
    """This function will put a new version of a standard in force from now on, and close the one before it.

    What already holds is given back unchanged. Promises keep the version they were opened under. Raises
    NeedsASecondPerson, NotAllowed, ChangeHasNoReason, LongerThanTheLaw, PublishedMeanwhile.
    """
    rights.require(by, "standard_publish")
    rights.require(approver, "standard_publish")
    if by.pk == approver.pk:
        raise NeedsASecondPerson(_("发布服务标准须由另一位总公司管理员批准，请选择批准人。"))
    if not reason.strip():
        raise ChangeHasNoReason(_("请写明修改服务标准的理由。"))
    current = ServiceStandard.objects.filter(code=entry.code, active_to__isnull=True).first()
    if current is not None and entry_of(current) == entry:
        return current
    refuse_longer_than_law(entry)
    row = _publish(entry, current, digest=_own_digest(entry), since=now, now=now)
    audit.log(
        action="servicing.standard.published",
        subject=f"standard:{entry.code}",
        by=by,
        now=now,
        before=_plain(entry_of(current)) if current else None,
        after={**_plain(entry), "version": row.version, "approver": approver.username},
        reason=reason,
    )
    return row


def refuse_longer_than_law(entry: Entry) -> None:
    """This function will raise LongerThanTheLaw for a company limit that, even in weeks without holidays, ends
    after the shortest limit of the law for the same kind and start."""
    if entry.authority != Authority.COMPANY or not is_clock(entry):
        return
    own = shortest_seconds(clock_of(entry))
    laws = ceilings_of(kind=entry.kind, start=entry.start)
    for ceiling in sorted(laws, key=lambda law: shortest_seconds(clock_of(law))):
        if own > shortest_seconds(clock_of(ceiling)):
            raise LongerThanTheLaw(
                _("“%(code)s”的时限长于法定上限“%(law)s”（%(days)d 日），不能发布；请缩短时限。")
                % {"code": entry.code, "law": ceiling.code, "days": ceiling.amount}
            )


def _publish(
    entry: Entry, current: ServiceStandard | None, *, digest: str, since: datetime, now: datetime
) -> ServiceStandard:
    if current is not None:
        running = ServiceStandard.objects.filter(pk=current.pk, active_to__isnull=True, active_from__lt=now)
        if not running.update(active_to=now):
            raise PublishedMeanwhile(_("“%(code)s”刚发布过新版本，请核对后再试。") % {"code": entry.code})
    return ServiceStandard.objects.create(
        **_plain(entry),
        version=current.version + 1 if current else 1,
        active_from=since,
        digest=digest,
    )


def _plain(entry: Entry) -> dict[str, Any]:
    return {key: list(one) if isinstance(one, tuple) else one for key, one in asdict(entry).items()}


def _own_digest(entry: Entry) -> str:
    return hashlib.sha256(f"own {entry.digest}".encode()).hexdigest()


def _is_the_houses_own(row: ServiceStandard) -> bool:
    return row.authority == Authority.COMPANY and row.digest == _own_digest(entry_of(row))
