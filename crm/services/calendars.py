"""Reading holiday notices into rows: those that come with the product, and those that a person imports (rulebook X-03).

What the file may say is checked in `crm.time.notices`; what a new calendar does to promises is the receivers' matter.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from crm.models import Branch, BranchClosure, CalendarDay, CalendarNotice, User
from crm.refusal import Refusal
from crm.selectors import calendars
from crm.services import audit
from crm.signals import calendar_imported
from crm.time.calendar import ListedDay
from crm.time.notice_reading import joined
from crm.time.notice_text import Reading
from crm.time.notices import Notice, parse_notice
from crm.time.shipped import shipped_notices

SHIPPED = "随产品提供："
CLOSED = "机构停业安排"
PUBLISHED = _lazy("放假安排已公布")


class NoticeContradictsItself(Refusal):
    """The text cannot be read to the end, or says two things at once."""


class NoticeWasReplaced(Refusal):
    """This very reading was imported before and has been corrected since."""


class Effect(NamedTuple):
    """What a new calendar did: how many promises were counted again, and how many of them moved."""

    counted: int = 0
    moved: int = 0


class Ruling(NamedTuple):
    """The notice that rules now, and what it did."""

    notice: CalendarNotice
    effect: Effect


@transaction.atomic
def load_shipped(*, now: datetime) -> int:
    """This function will add the shipped notices that are not there yet, and tell how many; twice is the same as once.

    A year that the institution read for itself keeps its own reading, whatever a later release ships.
    """
    known: dict[int, set[str]] = {}
    ruling: dict[int, str] = {}
    rows = CalendarNotice.objects.filter(branch__isnull=True).order_by("pk")
    for year, digest, source in rows.values_list("year", "digest", "source"):
        known.setdefault(year, set()).add(digest)
        ruling[year] = source
    added = [
        notice
        for notice in shipped_notices()
        if digest_of(notice) not in known.get(notice.year, ())
        and ruling.get(notice.year, SHIPPED).startswith(SHIPPED)
    ]
    for notice in added:
        _save(notice, source=SHIPPED + notice.source, by=None, now=now)
    # A new house has no promises yet; only an upgrade has something to settle.
    if added and known:
        announce(branch=None, recount=False, why=PUBLISHED, by=None, now=now)
    return len(added)


@transaction.atomic
def import_notice(*, text: str, by: User | None, now: datetime) -> CalendarNotice:
    """This function will read a year's notice, make it the ruling one and settle what was provisional.

    The ruling notice once more changes nothing and is given back. Raises the refusals of `parse_notice`, and
    NoticeWasReplaced for a reading that was corrected since (raise `version` in the file to return to it).
    """
    notice = parse_notice(text)
    row = _rule(notice, by=by, now=now)
    if row is None:
        return _readings(notice.year)[-1]
    announce(branch=None, recount=False, why=PUBLISHED, by=by, now=now)
    return row


@transaction.atomic
def publish(*, reading: Reading, by: User, now: datetime, recount: bool = False) -> Ruling:
    """This function will make a reading the ruling one, with what it says of the December before, and settle once.

    A reading that was corrected since may return: two people want it. `recount` dates firm promises again too.
    Raises NoticeContradictsItself.
    """
    notice = reading.notice
    if notice is None:
        raise NoticeContradictsItself(
            _("这份通知还不能保存：%(problem)s") % {"problem": " ".join(reading.problems[:1])}
        )
    changed = [_rule(_again(notice), by=by, now=now), _carry(reading, by=by, now=now)]
    effect = Effect()
    if any(changed):
        effect = announce(branch=None, recount=recount, why=PUBLISHED, by=by, now=now)
    return Ruling(_readings(notice.year)[-1], effect)


def _readings(year: int) -> list[CalendarNotice]:
    return list(CalendarNotice.objects.filter(year=year, branch__isnull=True).order_by("pk"))


def _again(notice: Notice) -> Notice:
    """The notice under a version that no earlier, replaced reading of its year has."""
    replaced = {row.digest for row in _readings(notice.year)[:-1]}
    while digest_of(notice) in replaced:
        notice = replace(notice, version=notice.version + 1)
    return notice


def _carry(reading: Reading, *, by: User, now: datetime) -> CalendarNotice | None:
    """Days at the end of the December before join that year's ruling notice, where there is one."""
    ruling = _readings(reading.carried[0].date.year)[-1:] if reading.carried else []
    if not ruling or reading.notice is None:
        return None
    row = ruling[0]
    days = [ListedDay(*day) for day in row.days.order_by("date").values_list("date", "working", "name")]
    both = joined(days, reading.carried)
    if both == tuple(days):
        return None
    notice = Notice(row.year, row.number, row.published_on, row.address, row.source, both)
    return _rule(_again(notice), by=by, now=now)


def _rule(notice: Notice, *, by: User | None, now: datetime) -> CalendarNotice | None:
    """Makes a notice the ruling one of its year and logs it; None where it already is."""
    readings = _readings(notice.year)
    ruling = readings[-1] if readings else None
    digest = digest_of(notice)
    if ruling is not None and ruling.digest == digest:
        return None
    if digest in {row.digest for row in readings}:
        raise NoticeWasReplaced(
            _("%(year)s 年的这份通知以前导入过，之后已有更正；确要改回，请把文件中的 version 加 1 再导入。")
            % {"year": notice.year}
        )
    row = _save(notice, source=notice.source, by=by, now=now)
    audit.log(
        action="crm.calendar.imported",
        subject=f"calendar:{notice.year}",
        by=by,
        now=now,
        before={"version": ruling.pk} if ruling else None,
        after={"version": row.pk, "digest": digest, "days": len(notice.days)},
    )
    return row


def digest_of(notice: Notice) -> str:
    """This function will give the fingerprint of what a notice says; comments and layout do not matter."""
    return hashlib.sha256(repr(notice).encode()).hexdigest()


def _save(notice: Notice, *, source: str, by: User | None, now: datetime) -> CalendarNotice:
    row = CalendarNotice.objects.create(
        year=notice.year,
        number=notice.number,
        published_on=notice.published_on,
        address=notice.address,
        source=source[:60],
        digest=digest_of(notice),
        imported_at=now,
        imported_by=by,
    )
    _add_days(row, notice.days)
    return row


def _add_days(row: CalendarNotice, days: Iterable[ListedDay]) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(notice=row, date=day.date, working=day.working, name=day.name) for day in days
    )


@transaction.atomic
def close_branch(closure: BranchClosure, *, by: User, now: datetime) -> Ruling:
    """This function will make a closure rule: the year's closed days of the branch, with these or without them."""
    year, branch = closure.first_day.year, closure.branch
    days = calendars.after_closure(closure)
    row = CalendarNotice.objects.create(
        year=year,
        branch=branch,
        source=CLOSED,
        # what is closed now may be what was closed before: each decision is a reading of its own
        digest=hashlib.sha256(f"{branch.pk} {closure.pk} {days}".encode()).hexdigest(),
        imported_at=now,
        imported_by=by,
    )
    _add_days(row, [day for day in days if day.date.year == year])
    told = {"branch": branch.name, "name": closure.name}
    why = _("%(branch)s恢复营业") % told if closure.lifted else _("%(branch)s%(name)s") % told
    return Ruling(row, announce(branch=branch, recount=closure.recount, why=why, by=by, now=now))


def announce(
    *, branch: Branch | None, recount: bool, why: str | Promise, by: User | None, now: datetime
) -> Effect:
    """This function will tell the floors above that the calendar of a branch, or of the country, is another one.

    Returns what all of them together did to their dates.
    """
    answers: list[tuple[Any, Any]] = calendar_imported.send(
        sender=CalendarNotice, branch=branch, recount=recount, why=str(why), by=by, now=now
    )
    found = [effect for _receiver, effect in answers if effect is not None]
    return Effect(sum(one.counted for one in found), sum(one.moved for one in found))
