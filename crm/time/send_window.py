"""When messages may leave and when care begins: the send window and the lead times (X-12, X-28, X-29)."""

from datetime import date, datetime, timedelta

from crm.time import at_time, local
from crm.time.calendar import WorkCalendar
from crm.time.rules import DEFAULT_RULES, TimeRules


def inside(now: datetime, rules: TimeRules = DEFAULT_RULES) -> bool:
    """This function will say whether a greeting or a marketing message may leave now: 09:00:00 to 20:59:59,
    both included, local time (X-29)."""
    return rules.send_from <= local(now).time().replace(microsecond=0) <= rules.send_until


def next_opening(now: datetime, rules: TimeRules = DEFAULT_RULES) -> datetime:
    """This function will give the moment from which a message may leave: now, or the next 09:00:00 (X-29)."""
    if inside(now, rules):
        return now
    here = local(now)
    day = here.date() if here.time() < rules.send_from else here.date() + timedelta(days=1)
    return at_time(day, rules.send_from)


def reminder_on_working_day(day: date, calendar: WorkCalendar) -> date:
    """This function will move a reminder off a day not worked, to the working day before (X-12)."""
    return calendar.on_or_before(day)


def sms_at(event: date, rules: TimeRules = DEFAULT_RULES) -> datetime:
    """This function will give the moment of a greeting: the day before at 10:00, in the window (X-28)."""
    return next_opening(at_time(event - timedelta(days=rules.sms_lead_days), rules.sms_hour), rules)


def task_created(event: date, rules: TimeRules = DEFAULT_RULES) -> date:
    """This function will give the date on which the care task of an event appears, 7 days ahead (X-28)."""
    return event - timedelta(days=rules.care_lead_days)
