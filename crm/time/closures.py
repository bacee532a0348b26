"""What local closures make of the country's calendar: a branch is closed for a typhoon, the country works."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from crm.time.calendar import ListedDay, WorkCalendar


class Place(Protocol):
    """A branch, as far as calendars care: its key, and the keys from the root down to it (`1/4/9/`)."""

    @property
    def pk(self) -> int:
        """The key."""

    @property
    def path(self) -> str:
        """The keys of all that it belongs to, and its own."""


class Calendars:
    """The calendars of one version: the country's, and for each branch what closures at or above it make of it."""

    __slots__ = ("_closed", "_made", "national")

    def __init__(self, national: WorkCalendar, closed: Mapping[int, tuple[ListedDay, ...]]) -> None:
        """This function will keep the country's calendar and the closed days of each branch, by the branch's key."""
        self.national = national
        self._closed = closed
        self._made: dict[tuple[int, ...], WorkCalendar] = {}

    def of(self, branch: Place | None) -> WorkCalendar:
        """This function will give the calendar of a branch: the country's own where nothing above it was closed."""
        if branch is None or not self._closed:
            return self.national
        closed = tuple(pk for pk in map(int, branch.path.strip("/").split("/")) if pk in self._closed)
        if not closed:
            return self.national
        if closed not in self._made:
            days = (day for pk in closed for day in self._closed[pk])
            self._made[closed] = self.national.closed_on(days)
        return self._made[closed]

    def closed_days(self, branch: Place) -> tuple[ListedDay, ...]:
        """This function will list the days on which a branch is closed by a decision about itself, all years."""
        return self._closed.get(branch.pk, ())

    def with_closures(self, branch: Place, days: Iterable[ListedDay]) -> "Calendars":
        """This function will give the calendars as they would be if a branch's closed days were these."""
        return Calendars(self.national, {**self._closed, branch.pk: tuple(days)})


def days_from(first: date, last: date) -> list[date]:
    """This function will list the days from one to another, both included."""
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


def closed_after(
    everywhere: Calendars, branch: Place, first: date, last: date, name: str, *, lifted: bool
) -> tuple[ListedDay, ...]:
    """This function will list the days on which a branch is closed once a decision rules, all years.

    `lifted` opens the branch on those days. Days off of the country keep their own name and are not listed.
    """
    inside = days_from(first, last)
    left = [day for day in everywhere.closed_days(branch) if day.date not in inside]
    if lifted:
        return tuple(left)
    worked = (day for day in inside if everywhere.national.is_working_day(day))
    return tuple(sorted([*left, *(ListedDay(day, False, name) for day in worked)]))
