"""When a promise is looked at: its warning, its breach and the ladder after it. Pure: no rows, no clock.

How long a limit is lives in `crm.time.clocks`; what happens at each moment lives in the services.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm.time import at_time, local_date
from crm.time.calendar import WorkCalendar
from crm.time.receiving import in_business_hours
from crm.time.rules import TimeRules


class Rung(StrEnum):
    """The steps of the ladder, in order (rulebook X-23 and DEFAULT ladder)."""

    WARN = "warned"
    BREAK = "broken"
    FIRST = "escalated:1"
    SECOND = "escalated:2"


@dataclass(frozen=True, slots=True)
class Moment:
    """One rung and the instant at which it becomes true."""

    rung: Rung
    at: datetime


def ladder(
    *, warn_at: datetime, due_at: datetime, calendar: WorkCalendar, first_days: int, second_days: int
) -> tuple[Moment, ...]:
    """This function will list the moments at which a running promise must be looked at, earliest first.

    A deadline is inclusive, so the breach becomes true one second after `due_at` (rulebook X-05). The two
    later rungs keep the due time's hour and move by working days.
    """
    broken_at = due_at + timedelta(seconds=1)
    return (
        Moment(Rung.WARN, min(warn_at, due_at)),
        Moment(Rung.BREAK, broken_at),
        Moment(Rung.FIRST, _working_days_later(broken_at, first_days, calendar)),
        Moment(Rung.SECOND, _working_days_later(broken_at, second_days, calendar)),
    )


def passed(moments: tuple[Moment, ...], now: datetime) -> tuple[Moment, ...]:
    """This function will return the moments that have come, `now` itself included."""
    return tuple(moment for moment in moments if moment.at <= now)


def next_look(moments: tuple[Moment, ...], now: datetime) -> datetime | None:
    """This function will return the first moment still ahead, or None when the ladder has been climbed."""
    return next((moment.at for moment in moments if moment.at > now), None)


def look_after_change(warn_at: datetime, due_at: datetime, now: datetime) -> datetime:
    """This function will return when to look at a promise whose due time was just counted again.

    What has come already (it is amber, or even late, the moment it runs on) is looked at now, not a rung later.
    """
    return max(min(warn_at, due_at), now)


def next_opening(now: datetime, calendar: WorkCalendar, rules: TimeRules) -> datetime:
    """This function will return `now` inside business hours, else the next moment at which the office opens."""
    if in_business_hours(now, calendar, rules):
        return now
    day = local_date(now)
    opens = at_time(day, rules.opens)
    if calendar.is_working_day(day) and now < opens:
        return opens
    return at_time(calendar.add_working_days(day, 1), rules.opens)


def _working_days_later(instant: datetime, days: int, calendar: WorkCalendar) -> datetime:
    # The breach of an end-of-day limit becomes true at 00:00 of the next date; the due date itself counts days.
    base = instant - timedelta(seconds=1)
    day = local_date(base)
    return instant + (calendar.add_working_days(day, days) - day)
