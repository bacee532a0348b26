"""When something counts as received: day zero of a clock in days, and the same-day clock."""

from collections.abc import Sequence
from datetime import date, datetime, time

from crm.time import local
from crm.time.calendar import WorkCalendar
from crm.time.clock_parts import PauseSpan
from crm.time.pauses import Landing
from crm.time.rules import TimeRules


def _time_of_day(instant: datetime) -> time:
    """The Shanghai time of day, cut to whole seconds as every judged instant is (X-05)."""
    return local(instant).time().replace(microsecond=0)


def in_business_hours(instant: datetime, calendar: WorkCalendar, rules: TimeRules) -> bool:
    """This function will say whether an instant lies in business hours, both ends included (X-07)."""
    if not calendar.is_working_day(local(instant).date()):
        return False
    return rules.opens <= _time_of_day(instant) <= rules.closes


def same_day_due(received_at: datetime, calendar: WorkCalendar, rules: TimeRules) -> date:
    """This function will give the date of a same-day clock: today up to closing time, else the next
    working day; a make-up workday is a working day (X-08)."""
    day = local(received_at).date()
    if calendar.is_working_day(day) and _time_of_day(received_at) <= rules.closes:
        return day
    return calendar.add_working_days(day, 1)


def day_zero(received_at: datetime, calendar: WorkCalendar, rules: TimeRules) -> date:
    """This function will give the day that is not counted (X-04): the date of receipt, whatever the hour.

    With `after_hours_roll` (X-07) receipt on a day off or after closing moves to the next working day, and
    receipt before opening stays on its day, which is when the counter takes it in.
    """
    if rules.after_hours_roll:
        return same_day_due(received_at, calendar, rules)
    return local(received_at).date()


def land_same_day(
    received_at: datetime, pauses: Sequence[PauseSpan], calendar: WorkCalendar, rules: TimeRules
) -> Landing:
    """This function will run a same-day clock through its pauses: after a resume X-08 runs from the resume.

    A resume known by its date alone is taken as made within business hours.
    """
    due = same_day_due(received_at, calendar, rules)
    mattered = []
    for pause in pauses:
        if pause.started > due:
            break
        mattered.append(pause)
        if pause.ended is None:
            return Landing(None, tuple(mattered))
        if pause.resumed_at is not None:
            resumed = same_day_due(pause.resumed_at, calendar, rules)
        else:
            resumed = calendar.on_or_after(pause.ended)
        due = max(due, resumed)
    return Landing(due, tuple(mattered))
