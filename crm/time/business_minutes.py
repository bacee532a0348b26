"""Business time: instants plus minutes that pass only while the house is open.

Windows are half-open, [09:00, 18:00), several a day allowed. A second is worked or not; nothing finer
is counted.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from crm.refusal import Refusal
from crm.time import InstantHasNoZone
from crm.time.calendar import LAST_DAY, DateOutsideCalendar, WorkCalendar

Window = tuple[time, time]

# Shanghai kept summer time in 1986–1991; from 1992 on it is UTC+8 for good, so plain seconds can be counted.
FIRST_DAY = date(1992, 1, 1)
_EPOCH = datetime(1991, 12, 31, 16, tzinfo=UTC)  # midnight of FIRST_DAY in Shanghai
_DAYS = (LAST_DAY - FIRST_DAY).days + 1


class WindowsOverlap(Refusal):
    """Two windows of a day share a minute, or one ends before it begins."""


class MinutesAreNegative(Refusal):
    """Business time runs forwards only."""


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


class BusinessTime:
    """Immutable; add and elapsed cost the same for an hour and for a year."""

    __slots__ = ("_before", "_closes", "_day_of", "_opens", "_per_day", "_so_far")

    def __init__(
        self, calendar: WorkCalendar, windows: Sequence[Window] = ((time(9, 0), time(18, 0)),)
    ) -> None:
        """This function will lay out the seconds of one working day over a calendar's working days."""
        spans = sorted((_seconds(opens), _seconds(closes)) for opens, closes in windows)
        edges = [edge for span in spans for edge in span]
        if not edges or any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)):
            raise WindowsOverlap("营业时段不成立：每段的结束须晚于开始，且至少有一段。")
        if edges != sorted(edges):
            raise WindowsOverlap("营业时段互相重叠，请改为首尾不重叠的几段。")
        self._opens = [opens for opens, _ in spans]
        self._closes = [closes for _, closes in spans]
        self._so_far = [0]  # seconds of the day worked before window i
        for opens, closes in spans:
            self._so_far.append(self._so_far[-1] + closes - opens)
        self._per_day = self._so_far[-1]
        self._before, self._day_of = _tables(calendar)

    def _worked(self, instant: datetime) -> int:
        """Business seconds from the start of the table to an instant."""
        try:
            offset = instant - _EPOCH
        except TypeError:
            raise InstantHasNoZone(f"时间 {instant} 没有时区，无法计算营业时间。") from None
        day, second = offset.days, offset.seconds  # the epoch is a Shanghai midnight, so these are local
        if not 0 <= day < _DAYS:
            raise _outside(instant)
        worked = self._before[day]
        full = worked * self._per_day
        if self._before[day + 1] == worked:
            return full
        window = bisect_right(self._opens, second) - 1
        if window < 0:
            return full
        return full + self._so_far[window] + min(second, self._closes[window]) - self._opens[window]

    def add(self, instant: datetime, minutes: int) -> datetime:
        """This function will give the earliest instant by which `minutes` of business time have passed.

        Aware in, UTC out. Zero minutes give the instant itself; a full day from opening ends at closing time.
        """
        if minutes <= 0:
            if minutes < 0:
                raise MinutesAreNegative(f"营业分钟数不能是负数（{minutes}）。")
            return instant.astimezone(UTC)
        rank, rest = divmod(self._worked(instant) + minutes * 60 - 1, self._per_day)
        if rank >= len(self._day_of):
            raise _outside(instant)
        window = bisect_right(self._so_far, rest) - 1
        second = self._opens[window] + rest - self._so_far[window] + 1
        return _EPOCH + timedelta(self._day_of[rank], second)

    def elapsed_seconds(self, first: datetime, last: datetime) -> int:
        """This function will count the business seconds in [first, last), negative the other way round."""
        return self._worked(last) - self._worked(first)

    def elapsed(self, first: datetime, last: datetime) -> int:
        """This function will count the whole business minutes in [first, last)."""
        return int(self.elapsed_seconds(first, last) / 60)


@lru_cache(maxsize=64)
def _tables(calendar: WorkCalendar) -> tuple[list[int], list[int]]:
    """Working days before each day of the table, and the day number of each working day."""
    before, day_of = [0], []
    for number in range(_DAYS):
        if calendar.is_working_day(FIRST_DAY + timedelta(days=number)):
            day_of.append(number)
        before.append(len(day_of))
    return before, day_of


def _outside(instant: datetime) -> DateOutsideCalendar:
    return DateOutsideCalendar(
        f"时间 {instant} 的营业时间超出日历范围（{FIRST_DAY} 至 {LAST_DAY}），请核对。"
    )
