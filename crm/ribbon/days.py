"""What each day of a ribbon is: the receipt's steps turned into kinds of days. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from crm.time import local_date
from crm.time.calendar import MAKE_UP, WEEKEND
from crm.time.clocks import Due, Step

ONE = timedelta(days=1)
PAUSE = "暂停"  # how a receipt begins the line of a paused day
ROLLED = "顺延"


class Kind(StrEnum):
    """The kinds of days; the value is the CSS class after `rb-`."""

    START = "start"
    COUNTED = "counted"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    ELAPSED = "elapsed"
    LATE = "late"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip, before it has a place."""

    date: date
    kind: Kind
    why: str
    ordinal: int | None = None
    note: str = ""
    provisional: bool = False
    is_due: bool = False


def due_day(due: Due) -> date | None:
    """This function will return the local day the promise is due, whatever its unit; none while paused."""
    return due.due_date or (local_date(due.due_at) if due.due_at else None)


def list_days(
    due: Due, *, until: date, late_until: date | None = None, reached: date | None = None
) -> list[Day]:
    """This function will name every day from the first of the receipt to `until`, or to the due day if later.

    Days after the due day have no line on a receipt: up to `late_until` they are late, then they only pass.
    While paused there is no due day: the days after `reached` are yet to come and have no line either.
    """
    start, end = local_date(due.starts_at), due_day(due)
    steps = {step.date: step for step in due.steps}
    last = max([until, start, *steps, *([end] if end else [])])
    unsure = (end or last).year if due.provisional else None
    lined = end or max([reached or last, *steps])
    days = []
    for day in (start + ONE * i for i in range((last - start).days + 1)):
        if day > lined:
            days.append(Day(day, Kind.LATE if late_until and day <= late_until else Kind.AFTER, ""))
        else:
            days.append(_day(day, steps.get(day), starts=start, end=end, provisional=day.year == unsure))
    return days


def _day(day: date, step: Step | None, *, starts: date, end: date | None, provisional: bool) -> Day:
    """This function will name one day of the receipt; a day without a line only passes."""
    is_due = day == end
    if step is None:
        kind = Kind.START if day == starts else Kind.ELAPSED
        return Day(day, kind, "", provisional=provisional, is_due=is_due)
    kind = _kind(step)
    note = {Kind.HOLIDAY: step.why, Kind.PAUSED: step.why.removeprefix(PAUSE).lstrip("：")}.get(kind, "")
    return Day(day, kind, step.why, step.ordinal or None, note, provisional, is_due)


def _kind(step: Step) -> Kind:
    """This function will tell a day's kind from its line."""
    if step.ordinal == 0:
        return Kind.START
    if step.counts and step.ordinal is None:
        return Kind.ELAPSED
    if step.counts:
        return Kind.MAKEUP if MAKE_UP in step.why else Kind.COUNTED
    if step.why.startswith(PAUSE):
        return Kind.PAUSED
    return Kind.WEEKEND if step.why == WEEKEND or ROLLED in step.why else Kind.HOLIDAY
