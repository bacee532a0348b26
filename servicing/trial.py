"""What a due time would be: a standard's clock run from a moment, as a trial. Nothing is promised or saved here."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from crm import iso
from crm.refusal import Refusal
from crm.time import local, local_date
from crm.time.calendar import WorkCalendar
from crm.time.clocks import Due, PauseSpan, Unit, compute_due
from crm.time.rules import TimeRules
from servicing.clocks import Limit, clock_of, may_pause


class ClockNeverPauses(Refusal):
    """Hours run on whatever happens (rulebook X-10)."""


class PauseIsUnreadable(Refusal):
    """A pause is written as FROM/TO, an open one as FROM/."""


def read_pause(text: str) -> PauseSpan:
    """This function will read a pause, 2026-03-04/2026-03-10; without an end it is still open."""
    first, slash, last = text.partition("/")
    if not slash or not first.strip():
        raise PauseIsUnreadable(
            f"暂停“{text}”写法不对，请写成 2026-03-04/2026-03-10；仍在暂停的写成 2026-03-04/。"
        )
    return pause(first, last.strip() or None)


def pause(first: str, last: str | None, reason: str = "") -> PauseSpan:
    """This function will make a pause of two written dates or moments; only a moment says when in the day."""
    ended: date | None = iso.day(last) if last else None
    return PauseSpan(iso.day(first), ended, reason, resumed_at=_moment(last), started_at=_moment(first))


def _moment(text: str | None) -> datetime | None:
    return iso.moment(text) if text and not iso.is_date_only(text) else None


def work_out(
    limit: Limit,
    at: datetime,
    *,
    calendar: WorkCalendar,
    rules: TimeRules,
    pauses: Sequence[PauseSpan] = (),
    as_of: datetime | None = None,
) -> Due:
    """This function will run the limit's clock from a moment, with its steps.

    Raises NotAClock for calendar promises, ClockNeverPauses, DateOutsideCalendar, PauseEndsBeforeItStarts.
    """
    clock = clock_of(limit)
    if pauses and not may_pause(limit.unit):
        raise ClockNeverPauses(f"“{limit.code}”按小时连续计时，不能暂停；请去掉暂停后再试。")
    if pauses and limit.authority == "statutory" and not limit.pause_reasons:
        raise ClockNeverPauses(f"“{limit.code}”是法定时限，法律没有规定可以暂停；请去掉暂停后再试。")
    calendar.rank(local_date(at))
    if clock.unit is Unit.NATURAL_DAYS:
        calendar.rank(date.fromordinal(local_date(at).toordinal() + clock.amount))
    return compute_due(clock, at, calendar=calendar, rules=rules, pauses=pauses, as_of=as_of)


def as_data(code: str, due: Due, *, judged_at: datetime) -> dict[str, Any]:
    """This function will write a due time with its arithmetic as plain data, moments on the Shanghai clock."""
    return {
        "clock": code,
        "starts_at": local(due.starts_at).isoformat(),
        "due_date": due.due_date.isoformat() if due.due_date else None,
        "due_at": local(due.due_at).isoformat() if due.due_at else None,
        "legal_latest": due.legal_latest.isoformat() if due.legal_latest else None,
        "provisional": due.provisional,
        "state": due.state(judged_at),
        "steps": [{"date": one.date.isoformat(), "counts": one.counts, "why": one.why} for one in due.steps],
    }
