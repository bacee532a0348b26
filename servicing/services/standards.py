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
from crm.words import instant_words
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


class TheLawIsNotOurs(Refusal):
    """The law's limits come with the product; an institution cannot publish its own."""


class BeforeTheNewestVersion(Refusal):
    """A version would begin before, or together with, the one it replaces."""


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
        _publish(entry, current, digest=entry.digest, since=now if current else BEGINNING)
        added += 1
    return added


@transaction.atomic
def publish(
    *, entry: Entry, reason: str, by: User, approver: User, now: datetime, since: datetime | None = None
) -> ServiceStandard:
    """This function will put a new version of a standard in force, and close the one before it.

    In force from now on, or from `since` where that is still ahead. What already holds is given back unchanged.
    Promises keep the version they were opened under. Raises NeedsASecondPerson, NotAllowed, ChangeHasNoReason,
    TheLawIsNotOurs, LongerThanTheLaw, BeforeTheNewestVersion, PublishedMeanwhile.
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
    starts = max(now, since or now)
    if entry.authority == Authority.STATUTORY:
        raise TheLawIsNotOurs(_("法定上限随产品更新，不能自行修改；请修改公司承诺。"))
    refuse_longer_than_law(entry)
    refuse_before_the_newest(current, starts, now=now)
    row = _publish(entry, current, digest=_own_digest(entry), since=starts)
    audit.log(
        action="servicing.standard.published",
        subject=f"standard:{entry.code}",
        by=by,
        now=now,
        before=_plain(entry_of(current)) if current else None,
        after={
            **_plain(entry),
            "version": row.version,
            "approver": approver.username,
            "active_from": starts.isoformat(),
        },
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


def refuse_before_the_newest(newest: ServiceStandard | None, starts: datetime, *, now: datetime) -> None:
    """This function will raise BeforeTheNewestVersion where a version that is still ahead would come after."""
    if newest is not None and now < newest.active_from and starts <= newest.active_from:
        raise BeforeTheNewestVersion(
            _("“%(code)s”第 %(n)d 版将于 %(at)s 生效，新的版本请定在此后的日期。")
            % {"code": newest.code, "n": newest.version, "at": instant_words(newest.active_from)}
        )


def _publish(
    entry: Entry, current: ServiceStandard | None, *, digest: str, since: datetime
) -> ServiceStandard:
    if current is not None:
        running = ServiceStandard.objects.filter(pk=current.pk, active_to__isnull=True, active_from__lt=since)
        if not running.update(active_to=since):
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
