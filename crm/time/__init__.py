"""How the house counts time: pure functions over dates, instants and an imported calendar.

No row is read here and no clock: callers pass the calendar, the rules and the instant (rulebook Part 0).
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from crm.refusal import Refusal

__all__ = ["SHANGHAI", "InstantHasNoZone", "at_time", "end_of_day", "local", "local_date", "whole_second"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST_SECOND = time(23, 59, 59)


class InstantHasNoZone(Refusal):
    """A moment came without its zone, so nobody can say which day it was."""


def local(instant: datetime) -> datetime:
    """This function will show an aware instant on the Shanghai clock (rulebook X-01)."""
    if instant.tzinfo is None:
        raise InstantHasNoZone(
            f"时间 {instant.isoformat(' ')} 没有时区，无法确定是哪一天；请带上时区，如 +08:00。"
        )
    return instant.astimezone(SHANGHAI)


def local_date(instant: datetime) -> date:
    """This function will name the Shanghai date on which an aware instant falls (rulebook X-01)."""
    return local(instant).date()


def at_time(day: date, moment: time) -> datetime:
    """This function will join a Shanghai date and a time of day to an aware instant."""
    return datetime.combine(day, moment, SHANGHAI)


def end_of_day(day: date) -> datetime:
    """This function will give the last whole second of a Shanghai date, 23:59:59 (rulebook X-05)."""
    return at_time(day, LAST_SECOND)


def whole_second(instant: datetime) -> datetime:
    """This function will cut an instant to whole seconds, in UTC, as judged instants are (rulebook X-05)."""
    if instant.tzinfo is None:
        raise InstantHasNoZone(
            f"时间 {instant.isoformat(' ')} 没有时区，无法判定先后；请带上时区，如 +08:00。"
        )
    return instant.astimezone(UTC).replace(microsecond=0)
