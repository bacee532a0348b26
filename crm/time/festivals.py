"""The dates of the festivals by Gregorian year, and the days around them in which care is due (PA-18.2.5)."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from crm.time.calendar import WorkCalendar
from crm.time.lunar import qingming, to_solar

__all__ = [
    "Festival",
    "FestivalWindow",
    "dragon_boat",
    "festival_date",
    "festival_window",
    "mid_autumn",
    "new_years_eve",
    "qingming",
    "spring_festival",
]

# Gifts count when handed over within the 15 natural days before the festival (PA-18.2.5, a default).
DELIVERY_DAYS = 15


class Festival(StrEnum):
    """The two festivals at which service objects are greeted."""

    SPRING = "spring"
    MID_AUTUMN = "mid_autumn"


class FestivalWindow(NamedTuple):
    """When a festival's care is done: from `opens`, shown to staff as `target`, kept until `festival`."""

    opens: date
    target: date
    festival: date
    provisional: bool


def spring_festival(year: int) -> date:
    """This function will give 春节, 正月初一, of a year."""
    return to_solar(year, 1, 1)


def new_years_eve(year: int) -> date:
    """This function will give 除夕, the day before 春节 of the same Gregorian year."""
    return spring_festival(year) - timedelta(days=1)


def dragon_boat(year: int) -> date:
    """This function will give 端午, 五月初五, of a year."""
    return to_solar(year, 5, 5)


def mid_autumn(year: int) -> date:
    """This function will give 中秋, 八月十五, of a year."""
    return to_solar(year, 8, 15)


def festival_date(festival: Festival, year: int) -> date:
    """This function will give the day of a greeted festival in a Gregorian year."""
    return spring_festival(year) if festival is Festival.SPRING else mid_autumn(year)


def festival_window(festival: Festival, year: int, calendar: WorkCalendar) -> FestivalWindow:
    """This function will give the days in which a festival's care is done; the target is the last working
    day before the holiday, provisional while that year's notice is missing (PA-18.2.5, rulebook X-03)."""
    day = festival_date(festival, year)
    target = calendar.on_or_before(day - timedelta(days=1))
    provisional = calendar.touches_unpublished(target, day)
    return FestivalWindow(day - timedelta(days=DELIVERY_DAYS), target, day, provisional)
