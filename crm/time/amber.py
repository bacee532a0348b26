"""When a running clock turns amber, so that its owner is warned in time (rulebook X-23)."""

from datetime import datetime, time, timedelta

from crm.time import SHANGHAI, at_time, local_date, whole_second
from crm.time.business_minutes import BusinessTime
from crm.time.calendar import WorkCalendar
from crm.time.clock_parts import Clock, Unit
from crm.time.rules import DEFAULT_RULES, TimeRules

MIDNIGHT = time(0, 0)


def _working_days_of_warning(clock: Clock) -> int:
    """How many working days before the due date amber begins: 2 from 5 wd on, 1 from 2 wd on, else 0."""
    if clock.unit is Unit.SAME_DAY or clock.amount < 2:
        return 0
    return 2 if clock.amount >= 5 else 1


def amber_at(
    clock: Clock,
    starts_at: datetime,
    due_at: datetime,
    *,
    calendar: WorkCalendar,
    rules: TimeRules = DEFAULT_RULES,
) -> datetime:
    """This function will give the moment at which a clock turns amber (X-23).

    It may lie before the start: a same-day clock is amber from 00:00 of its due date.
    """
    if clock.unit in (Unit.WORKING_DAYS, Unit.SAME_DAY):
        warning = _working_days_of_warning(clock)
        return at_time(calendar.add_working_days(local_date(due_at), -warning), MIDNIGHT)
    start, due = whole_second(starts_at), whole_second(due_at)
    if clock.unit is Unit.BUSINESS_HOURS:
        hours = BusinessTime(calendar, ((rules.opens, rules.closes),))
        return hours.add(start, hours.elapsed(start, due) * 4 // 5).astimezone(SHANGHAI)
    # In UTC, so that 20 % of the time is 20 % of the seconds.
    fifth = timedelta(seconds=(due - start) // timedelta(seconds=5))
    return (due - fifth).astimezone(SHANGHAI)
