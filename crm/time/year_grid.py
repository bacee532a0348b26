"""A year as a wall calendar: twelve months of weeks, every day with what it is and what the lunar calendar calls it."""

import calendar as weeks
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from crm.time.calendar import ListedDay, WorkCalendar
from crm.time.festivals import dragon_boat, mid_autumn, new_years_eve, qingming, spring_festival
from crm.time.lunar import day_label, from_solar, month_label, to_solar

_DAY = timedelta(days=1)
_SATURDAY = 5


class Cell(NamedTuple):
    """One day: `kind` is work, weekend, off or makeup; `label` stands under the number, `lunar` says the day in full."""

    date: date
    kind: str
    label: str
    lunar: str
    name: str


class Month(NamedTuple):
    """One month: its weeks from Monday to Sunday, None outside it, and how many days of it are worked."""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    working_days: int


class Run(NamedTuple):
    """Days off in a row under one name, and the days worked in exchange."""

    name: str
    first: date | None
    last: date | None
    makeup: tuple[date, ...]

    @property
    def length(self) -> int:
        """This function will count the days off, weekends included."""
        return (self.last - self.first).days + 1 if self.first and self.last else 0


def months_of(calendar: WorkCalendar, year: int, listed: Iterable[ListedDay]) -> tuple[Month, ...]:
    """This function will lay out a year; `listed` are the days that its notice, or the law, names."""
    names = {day.date: day for day in listed}
    return tuple(_month(calendar, year, number, names) for number in range(1, 13))


def _month(calendar: WorkCalendar, year: int, number: int, names: dict[date, ListedDay]) -> Month:
    rows = weeks.Calendar().monthdatescalendar(year, number)
    laid = tuple(
        tuple(_cell(calendar, day, names) if day.month == number else None for day in row) for row in rows
    )
    worked = sum(cell is not None and cell.kind in ("work", "makeup") for row in laid for cell in row)
    return Month(number, laid, worked)


def _cell(calendar: WorkCalendar, day: date, names: dict[date, ListedDay]) -> Cell:
    named, before = names.get(day), names.get(day - _DAY)
    name = named.name if named else ""
    worked, weekend = calendar.is_working_day(day), day.weekday() >= _SATURDAY
    kind = ("makeup" if weekend else "work") if worked else ("off" if named else "weekend")
    begins = kind == "off" and (before is None or before.working or before.name != name)
    short, full = _lunar(day)
    known = festivals(day.year)
    # a day of remembrance has no festival of its own to carry its name
    called = name if begins and not set(name.split("、")) & set(known.values()) else short
    label = known.get(day, called)
    return Cell(day, kind, label, full, name)


@cache
def festivals(year: int) -> dict[date, str]:
    """This function will name the festivals of a year by date, those without a day off too."""
    eve = new_years_eve(year)
    return {
        to_solar(year, 1, 15): "元宵节",
        to_solar(year, 7, 7): "七夕",
        to_solar(year, 9, 9): "重阳节",
        date(year, 1, 1): "元旦",
        date(year, 5, 1): "劳动节",
        date(year, 10, 1): "国庆节",
        qingming(year): "清明节",
        dragon_boat(year): "端午节",
        mid_autumn(year): "中秋节",
        eve: "除夕",
        spring_festival(year): "春节",
    }


@cache
def _lunar(day: date) -> tuple[str, str]:
    """廿三 and 腊月廿三; the first day of a month is called by the month."""
    found = from_solar(day)
    month, number = month_label(found.month, found.leap), day_label(found.day)
    return (month if found.day == 1 else number), month + number


def runs_of(listed: Iterable[ListedDay]) -> tuple[Run, ...]:
    """This function will gather listed days into holidays: 春节 from … to …, with its make-up days."""
    days = sorted(listed)
    off = [day for day in days if not day.working]
    starts = [0, *(place for place, (a, b) in enumerate(pairwise(off), 1) if _breaks(a, b)), len(off)]
    stretches = [off[a:b] for a, b in pairwise(starts) if a < b]
    runs = [Run(days[0].name, days[0].date, days[-1].date, ()) for days in stretches]
    for day in days:
        if day.working:
            _give(day, runs)
    return tuple(runs)


def _breaks(a: ListedDay, b: ListedDay) -> bool:
    return b.date - a.date != _DAY or a.name != b.name


def _give(day: ListedDay, runs: list[Run]) -> None:
    """Puts a make-up day to the nearest holiday of its name; alone where the holiday is next year's."""
    near = [
        (abs((run.first - day.date).days), place)
        for place, run in enumerate(runs)
        if run.name == day.name and run.first and abs((run.first - day.date).days) < 60
    ]
    if not near:
        runs.append(Run(day.name, None, None, (day.date,)))
        return
    place = min(near)[1]
    runs[place] = runs[place]._replace(makeup=(*runs[place].makeup, day.date))
