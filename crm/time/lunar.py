"""The lunar calendar as far as it can be trusted: lunar years 1900 to 2056.

One library (borax) does the astronomy; the house rules for birthdays live in `birthdays`.
"""

from datetime import date
from functools import cache
from typing import NamedTuple

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils

from crm.refusal import Refusal

FIRST_YEAR = 1900
# From lunar 2057 on the tables of the libraries differ by a month, so nothing is promised there.
LAST_YEAR = 2056
FIRST_DAY = date(1900, 1, 31)

MONTH_NAMES = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
DIGITS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


class LunarDateUnknown(Refusal):
    """The lunar tables do not reach that year, or the year has no such day."""


class LunarDay(NamedTuple):
    """One day of the lunar calendar: month 8, day 15 of lunar 2026, not in a leap month."""

    year: int
    month: int
    day: int
    leap: bool = False


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise LunarDateUnknown(f"农历数据只到 {FIRST_YEAR}–{LAST_YEAR} 年，查不到农历 {year} 年。")


def leap_month(year: int) -> int:
    """This function will give the number of the leap month of a lunar year, 0 where it has none."""
    _check_year(year)
    return int(LCalendars.leap_month(year))


def days_in_month(year: int, month: int, leap: bool = False) -> int:
    """This function will count the days of a lunar month, 29 or 30, and refuse a month the year lacks."""
    _check_year(year)
    if not 1 <= month <= 12 or (leap and leap_month(year) != month):
        raise LunarDateUnknown(f"农历 {year} 年没有{'闰' if leap else ''}{month}月，请核对农历日期。")
    return int(LCalendars.ndays(year, month, int(leap)))


@cache
def to_solar(year: int, month: int, day: int, leap: bool = False) -> date:
    """This function will turn a lunar day into its Gregorian date; it refuses a day that does not exist."""
    if not 1 <= day <= days_in_month(year, month, leap):
        raise LunarDateUnknown(
            f"农历 {year} 年{'闰' if leap else ''}{month}月没有第 {day} 天，请核对农历日期。"
        )
    solar: date = LunarDate(year, month, day, int(leap)).to_solar_date()
    return solar


def from_solar(day: date) -> LunarDay:
    """This function will name the lunar day on which a Gregorian date falls."""
    if day < FIRST_DAY:
        raise LunarDateUnknown(f"农历数据从 {FIRST_DAY} 开始，查不到 {day} 的农历日期。")
    _check_year(day.year)
    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return LunarDay(found.year, found.month, found.day, bool(found.leap))


def month_label(month: int, leap: bool = False) -> str:
    """This function will write a lunar month as people say it: 正月, 闰六月, 腊月."""
    return ("闰" if leap else "") + MONTH_NAMES[month - 1]


def day_label(day: int) -> str:
    """This function will write a lunar day as people say it: 初一, 十五, 廿三, 三十."""
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return ("初", "十", "廿")[day // 10] + DIGITS[day % 10 - 1]


def lunar_label(day: date) -> str:
    """This function will write a Gregorian date's lunar month and day, such as 正月初一."""
    found = from_solar(day)
    return month_label(found.month, found.leap) + day_label(found.day)


def qingming(year: int) -> date:
    """This function will give the date of 清明, the solar term that is a public holiday."""
    _check_year(year)
    found: date = TermUtils.nth_term_day(year, term_name="清明")
    return found
