"""The one engine that turns a limit and a start into a due time, with its receipt (rulebook X-04 … X-13).

Start here: `compute_due`, `judge`, `amber_at`. The values live in `clock_parts`, the counting in `pauses`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from crm.time import SHANGHAI, at_time, end_of_day, local_date, whole_second
from crm.time.amber import amber_at
from crm.time.business_minutes import BusinessTime
from crm.time.calendar import WorkCalendar
from crm.time.clock_parts import Clock, ClockAmountIsNegative, Due, PauseSpan, PromiseState, Step, Unit
from crm.time.pauses import (
    Landing,
    PauseEndsBeforeItStarts,
    known_pauses,
    land,
    needs_approver,
)
from crm.time.receipts import business_steps, counted_steps, opening_steps, running_steps, same_day_steps
from crm.time.receiving import day_zero, land_same_day
from crm.time.rules import DEFAULT_RULES, TimeRules

__all__ = [
    "Clock",
    "ClockAmountIsNegative",
    "Due",
    "PauseEndsBeforeItStarts",
    "PauseSpan",
    "PromiseState",
    "Step",
    "Unit",
    "amber_at",
    "compute_due",
    "deadline_on",
    "judge",
    "needs_approver",
]


def deadline_on(day: date, rules: TimeRules = DEFAULT_RULES) -> datetime:
    """This function will give the last second in time on a due date: 23:59:59 (X-05) or closing (X-06)."""
    return at_time(day, rules.closes) if rules.deadline_time_mode == "close_of_business" else end_of_day(day)


def judge(due_at: datetime, closed_at: datetime) -> Literal["kept", "broken"]:
    """This function will judge a closing event: both instants cut to whole seconds, equal is kept (X-05)."""
    return "kept" if whole_second(closed_at) <= whole_second(due_at) else "broken"


def compute_due(
    clock: Clock,
    starts_at: datetime,
    *,
    calendar: WorkCalendar,
    rules: TimeRules = DEFAULT_RULES,
    pauses: Iterable[PauseSpan] = (),
    as_of: datetime | None = None,
    with_steps: bool = True,
) -> Due:
    """This function will compute when a promise that starts now must be kept, and why.

    `as_of` limits what is known of the pauses to that moment. Hour, minute and business-hour clocks never
    pause. A same-day clock after a resume is either given its pauses with `resumed_at`, or started again
    with the resume as `starts_at`. Raises DateOutsideCalendar beyond the table.
    """
    if clock.unit in (Unit.HOURS, Unit.MINUTES):
        return _running(clock, starts_at, calendar, with_steps)
    if clock.unit is Unit.BUSINESS_HOURS:
        return _business(clock, starts_at, calendar, rules, with_steps)
    known = known_pauses(pauses, as_of)
    zero, landing = _land(clock, starts_at, calendar, rules, known)
    last = landing.day or _last_shown(zero, landing, as_of)
    latest = _legal_latest(clock, landing, calendar)
    return Due(
        starts_at=starts_at,
        due_date=landing.day,
        due_at=deadline_on(landing.day, rules) if landing.day else None,
        legal_latest=latest,
        provisional=calendar.touches_unpublished(min(local_date(starts_at), zero), latest or last),
        paused=landing.day is None,
        steps=tuple(_day_steps(clock, starts_at, zero, last, calendar, landing)) if with_steps else (),
    )


def _land(
    clock: Clock, starts_at: datetime, calendar: WorkCalendar, rules: TimeRules, known: tuple[PauseSpan, ...]
) -> tuple[date, Landing]:
    """Day zero and where the count ends; a clock set by law starts on the day of receipt itself."""
    if clock.unit is Unit.SAME_DAY:
        return local_date(starts_at), land_same_day(starts_at, known, calendar, rules)
    zero = local_date(starts_at) if clock.statutory else day_zero(starts_at, calendar, rules)
    if clock.unit is Unit.NATURAL_DAYS:
        return zero, land(zero, clock.amount, known, date.toordinal, date.fromordinal)
    return zero, land(zero, clock.amount, known, calendar.rank, calendar.nth)


def _last_shown(zero: date, landing: Landing, as_of: datetime | None) -> date:
    """The last line of a paused receipt: today as far as one knows, at least the day the pause began."""
    return max(zero, landing.pauses[-1].started, local_date(as_of) if as_of else zero)


def _legal_latest(clock: Clock, landing: Landing, calendar: WorkCalendar) -> date | None:
    """The second date of a natural-day clock set by law, moved off days not worked (X-09)."""
    if landing.day is None or not clock.statutory or clock.unit is not Unit.NATURAL_DAYS:
        return None
    return calendar.on_or_after(landing.day)


def _day_steps(
    clock: Clock, starts_at: datetime, zero: date, last: date, calendar: WorkCalendar, landing: Landing
) -> Iterable[Step]:
    if clock.unit is Unit.SAME_DAY:
        return same_day_steps(zero, last, calendar, landing.pauses, paused=landing.day is None)
    natural = clock.unit is Unit.NATURAL_DAYS
    opening = opening_steps(local_date(starts_at), zero, calendar)
    return [*opening, *counted_steps(zero, last, calendar, landing.pauses, natural=natural)]


def _running(clock: Clock, starts_at: datetime, calendar: WorkCalendar, with_steps: bool) -> Due:
    """Wall time in UTC, never stopped (X-10); no notice can move it, so it is never provisional."""
    unit = timedelta(hours=1) if clock.unit is Unit.HOURS else timedelta(minutes=1)
    due_at = (whole_second(starts_at) + clock.amount * unit).astimezone(SHANGHAI)
    steps = tuple(running_steps(starts_at, due_at, calendar)) if with_steps else ()
    return Due(starts_at, due_at.date(), due_at, None, False, False, steps)


def _business(
    clock: Clock, starts_at: datetime, calendar: WorkCalendar, rules: TimeRules, with_steps: bool
) -> Due:
    """Hours that pass only inside business hours, half-open [opens, closes)."""
    hours = BusinessTime(calendar, ((rules.opens, rules.closes),))
    due_at = hours.add(whole_second(starts_at), clock.amount * 60).astimezone(SHANGHAI)
    first, last = local_date(starts_at), due_at.date()
    steps = tuple(business_steps(first, last, calendar)) if with_steps else ()
    return Due(starts_at, last, due_at, None, calendar.touches_unpublished(first, last), False, steps)
