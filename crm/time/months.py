"""Counting in months, and the reminder that a policy is running out (rulebook X-11, X-12, PA-17.4)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from crm.time.calendar import WorkCalendar

REMINDER_MONTHS = 2
DAY = timedelta(days=1)


class Reminder(NamedTuple):
    """When to remind: the date by the rule, the working day by which it must go out, and what is special.

    `late_by_construction`: the policy began after its own reminder date; that is not a breach.
    """

    nominal: date
    send_by: date
    provisional: bool
    late_by_construction: bool = False


def add_months(day: date, k: int) -> date:
    """This function will go k months ahead to the same day number, or to the month's last day without one.

    Month-ends do not stick: 28 February plus two months is 28 April (X-11).
    """
    month = day.year * 12 + day.month - 1 + k
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(day: date, k: int) -> date:
    """This function will go k months back, by the same rule as `add_months` (X-11)."""
    return add_months(day, -k)


def latest_passed(day: date, k: int) -> date:
    """This function will give the latest date from which k months have passed on a day.

    Month-ends make it more than `months_before`: on 28 February ten years of 29 February have passed as well.
    """
    found = months_before(day, k)
    while add_months(found + DAY, k) <= day:
        found += DAY
    return found


def renewal_reminder(
    last_day_of_cover: date,
    calendar: WorkCalendar,
    *,
    months: int = REMINDER_MONTHS,
    begins: date | None = None,
    issued: date | None = None,
) -> Reminder:
    """This function will give the day by which a renewal reminder must be out: two months ahead, moved to
    the working day before where it is a day off (X-11, X-12).

    For a premium reminder the base is the premium due date. With `begins` after that day the reminder is
    owed one working day after issue and marked `late_by_construction` (PA-17.4).
    """
    nominal = months_before(last_day_of_cover, months)
    send_by = calendar.on_or_before(nominal)
    if begins is not None and begins > send_by:
        issue = issued or begins
        owed = calendar.add_working_days(issue, 1)
        return Reminder(nominal, owed, calendar.touches_unpublished(issue, owed), True)
    return Reminder(nominal, send_by, calendar.touches_unpublished(send_by, nominal))
