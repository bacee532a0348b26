"""On which dates a birthday is observed, by the solar and by the lunar calendar (rulebook X-26, X-27).

A birth date is a date, never an instant: Shanghai had summer time in 1986–1991, and a midnight would slip.
"""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from crm.refusal import Refusal
from crm.time import lunar
from crm.time.lunar import lunar_label
from crm.time.rules import LeapDayObserved

__all__ = [
    "Birthday",
    "BirthdayDoesNotExist",
    "lunar_label",
    "next_observed",
    "observed_in_lunar_year",
    "observed_in_year",
]

# 2000 is a leap year, so it knows every day a solar birthday can have.
_ANY_LEAP_YEAR = 2000


class BirthdayDoesNotExist(Refusal):
    """No calendar has such a day."""


@dataclass(frozen=True, slots=True)
class Birthday:
    """A birthday without its year: 29 February, or 八月十五 of the lunar calendar, in a leap month or not."""

    calendar: Literal["solar", "lunar"]
    month: int
    day: int
    leap: bool = False

    def __post_init__(self) -> None:
        """This function will refuse a day that can never come."""
        if self.calendar == "lunar":
            possible = 1 <= self.month <= 12 and 1 <= self.day <= 30
        else:
            possible = not self.leap and _is_date(_ANY_LEAP_YEAR, self.month, self.day)
        if not possible:
            kind = "农历" if self.calendar == "lunar" else "公历"
            raise BirthdayDoesNotExist(f"{kind}生日 {self.month} 月 {self.day} 日不存在，请核对。")

    @classmethod
    def solar(cls, month: int, day: int) -> "Birthday":
        """This function will make a birthday of the Gregorian calendar."""
        return cls("solar", month, day)

    @classmethod
    def lunar(cls, month: int, day: int, leap: bool = False) -> "Birthday":
        """This function will make a birthday of the lunar calendar."""
        return cls("lunar", month, day, leap)

    @classmethod
    def born_on(cls, day: date, calendar: Literal["solar", "lunar"] = "solar") -> "Birthday":
        """This function will make the birthday of somebody born on a Gregorian date."""
        if calendar == "solar":
            return cls.solar(day.month, day.day)
        born = lunar.from_solar(day)
        return cls.lunar(born.month, born.day, born.leap)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def observed_in_lunar_year(birthday: Birthday, lunar_year: int) -> date:
    """This function will give the one observance of a lunar birthday in a lunar year (X-27 a–d).

    Day 30 of a short month is day 29; a leap month the year lacks is its ordinary month.
    """
    if birthday.calendar != "lunar":
        raise BirthdayDoesNotExist("公历生日没有农历年度，请按公历年度查询。")
    leap = birthday.leap and lunar.leap_month(lunar_year) == birthday.month
    last = lunar.days_in_month(lunar_year, birthday.month, leap)
    return lunar.to_solar(lunar_year, birthday.month, min(birthday.day, last), leap)


def observed_in_year(
    birthday: Birthday, year: int, feb29_observed: LeapDayObserved = "feb28"
) -> tuple[date, ...]:
    """This function will give the observances in a Gregorian year: one for a solar birthday, and none, one
    or two for a lunar one (X-26, X-27 d). They never move off holidays."""
    if birthday.calendar == "lunar":
        both = (observed_in_lunar_year(birthday, lunar_year) for lunar_year in (year - 1, year))
        return tuple(day for day in both if day.year == year)
    if (birthday.month, birthday.day) == (2, 29) and not isleap(year):
        return (date(year, 2, 28) if feb29_observed == "feb28" else date(year, 3, 1),)
    return (date(year, birthday.month, birthday.day),)


def next_observed(birthday: Birthday, on_or_after: date, feb29_observed: LeapDayObserved = "feb28") -> date:
    """This function will give the first observance on or after a date."""
    return next(day for day in _observances(birthday, on_or_after, feb29_observed) if day >= on_or_after)


def _observances(birthday: Birthday, since: date, feb29_observed: LeapDayObserved) -> Iterator[date]:
    """A Gregorian year may hold no lunar observance, but never two in a row."""
    for year in range(since.year, since.year + 3):
        yield from observed_in_year(birthday, year, feb29_observed)
