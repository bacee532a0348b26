"""The working calendar: which days are worked, and arithmetic on them in constant time.

A calendar is built once per version from listed days (rows of a notice) and then only read; where the
days come from is not known here.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from crm.refusal import Refusal
from crm.time.statutory import statutory_days

FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2055, 12, 31)
_FIRST = FIRST_DAY.toordinal()
_LENGTH = LAST_DAY.toordinal() - _FIRST + 1
_SATURDAY = 5

MAKE_UP = "调休上班"
ORDINARY = "工作日"
WEEKEND = "周末"


class DateOutsideCalendar(Refusal):
    """A date lies, or a count would end, outside the years that the table holds."""


class ListedDay(NamedTuple):
    """One day named in a notice: off (春节) or, on a weekend, worked (调休上班)."""

    date: date
    working: bool
    name: str


def _outside(what: object) -> DateOutsideCalendar:
    return DateOutsideCalendar(f"{what}超出工作日历的范围（{FIRST_DAY} 至 {LAST_DAY}），请核对日期。")


def _exceptions(listed: Iterable[ListedDay], published: frozenset[int]) -> dict[date, ListedDay]:
    """Days that are not what their weekday says; a later entry (a local closure) replaces an earlier one."""
    found: dict[date, ListedDay] = {}
    for year in range(FIRST_DAY.year, LAST_DAY.year + 1):
        if year not in published:
            found.update((day, ListedDay(day, False, name)) for day, name in statutory_days(year).items())
    found.update((day.date, day) for day in listed)
    return found


class WorkCalendar:
    """Immutable; answers are O(1) on two arrays: day → number of working days so far, and back."""

    __slots__ = ("_days", "_listed", "_ranks", "published", "version")

    def __init__(self, listed: dict[date, ListedDay], published: frozenset[int], version: int) -> None:
        """This function will lay out the table; use `build`, which knows the statutory base."""
        self.version = version
        self.published = published
        self._listed = listed
        self._ranks: list[int] = []
        self._days: list[date] = [date.min]  # ranks count from 1: the first working day has rank 1
        for ordinal in range(_FIRST, _FIRST + _LENGTH):
            day = date.fromordinal(ordinal)
            named = listed.get(day)
            if named.working if named else day.weekday() < _SATURDAY:
                self._days.append(day)
            self._ranks.append(len(self._days) - 1)

    @classmethod
    def build(cls, listed: Iterable[ListedDay], published: Iterable[int], version: int = 0) -> "WorkCalendar":
        """This function will build the table from listed days and the years whose notice is imported.

        A year without notice gets statutory days off and plain weekends (rulebook X-02, X-03).
        """
        years = frozenset(published)
        return cls(_exceptions(listed, years), years, version)

    def closed_on(self, days: Iterable[ListedDay]) -> "WorkCalendar":
        """This function will give the calendar of a branch that is closed on some days; other days off keep their name."""
        closed = {day.date: day for day in days if self.is_working_day(day.date)}
        return WorkCalendar({**self._listed, **closed}, self.published, self.version)

    def rank(self, day: date) -> int:
        """This function will count the working days of the table up to and with a day."""
        offset = day.toordinal() - _FIRST
        if 0 <= offset < _LENGTH:
            return self._ranks[offset]
        raise _outside(f"日期 {day} ")

    def nth(self, rank: int) -> date:
        """This function will give the working day with a rank; the inverse of `rank` on working days."""
        if 0 < rank < len(self._days):
            return self._days[rank]
        raise _outside("计算结果")

    def add_working_days(self, day: date, n: int) -> date:
        """This function will give the nth working day strictly after a day, before it where n is negative.

        n = 0 is the day itself, worked or not (rulebook X-05).
        """
        offset = day.toordinal() - _FIRST
        if n > 0 and 0 <= offset < _LENGTH:
            try:
                return self._days[self._ranks[offset] + n]
            except IndexError:
                raise _outside("计算结果") from None
        if n == 0:
            return day
        return self.nth(self.rank(day) - self.is_working_day(day) + 1 + n)

    def is_working_day(self, day: date) -> bool:
        """This function will say whether a day is worked, make-up workdays included (rulebook X-02)."""
        return self._days[self.rank(day)] == day

    def why(self, day: date) -> str:
        """This function will say in one word why a day is worked or not: 工作日, 周末, 春节, 调休上班."""
        worked = self.is_working_day(day)
        named = self._listed.get(day)
        if named is None:
            return ORDINARY if worked else WEEKEND
        return MAKE_UP if worked else named.name

    def on_or_before(self, day: date) -> date:
        """This function will give the day itself if it is worked, else the working day before (X-12)."""
        return self.nth(self.rank(day))

    def on_or_after(self, day: date) -> date:
        """This function will give the day itself if it is worked, else the working day after (X-09)."""
        return day if self.is_working_day(day) else self.nth(self.rank(day) + 1)

    def working_days_between(self, after: date, until: date) -> int:
        """This function will count the working days in (after, until]; negative if until lies before."""
        return self.rank(until) - self.rank(after)

    def is_published(self, year: int) -> bool:
        """This function will say whether the notice of a year is imported (rulebook X-03)."""
        return year in self.published

    def touches_unpublished(self, first: date, last: date) -> bool:
        """This function will say whether a span of days touches a year without notice, and so is 暂定."""
        return any(year not in self.published for year in range(first.year, last.year + 1))
