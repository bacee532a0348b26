"""Lunar dates against a second library, and the festivals that follow from them."""

from datetime import date, timedelta

import pytest
import sxtwl

from crm.time.calendar import WorkCalendar
from crm.time.festivals import (
    Festival,
    dragon_boat,
    festival_date,
    festival_window,
    mid_autumn,
    new_years_eve,
    qingming,
    spring_festival,
)
from crm.time.lunar import (
    LunarDateUnknown,
    LunarDay,
    days_in_month,
    from_solar,
    leap_month,
    lunar_label,
    to_solar,
)
from crm.time.shipped import shipped_calendar

QINGMING = 7  # sxtwl counts the solar terms from 冬至


def by_sxtwl(day: date) -> LunarDay:
    found = sxtwl.fromSolar(day.year, day.month, day.day)
    return LunarDay(found.getLunarYear(True), found.getLunarMonth(), found.getLunarDay(), found.isLunarLeap())


class TestLunarDates:
    def test_equal_a_second_library_on_each_day_from_2024_to_2035(self) -> None:
        for offset in range((date(2035, 12, 31) - date(2024, 1, 1)).days + 1):
            day = date(2024, 1, 1) + timedelta(days=offset)
            lunar = from_solar(day)
            assert lunar == by_sxtwl(day)
            assert to_solar(*lunar) == day

    def test_equal_it_on_a_sample_of_1950_to_2049(self) -> None:
        for offset in range(0, (date(2049, 12, 31) - date(1950, 1, 1)).days, 11):
            day = date(1950, 1, 1) + timedelta(days=offset)
            assert from_solar(day) == by_sxtwl(day)

    def test_2033_has_its_leap_month_after_the_eleventh(self) -> None:
        assert leap_month(2033) == 11
        assert from_solar(date(2033, 12, 22)) == LunarDay(2033, 11, 1, True)
        assert lunar_label(date(2033, 12, 22)) == "闰冬月初一"
        assert {year: leap_month(year) for year in range(2024, 2036)} == {
            **dict.fromkeys(range(2024, 2036), 0),
            2025: 6,
            2028: 5,
            2031: 3,
            2033: 11,
        }

    def test_the_last_month_is_short_for_five_years(self) -> None:
        assert [days_in_month(year, 12) for year in range(2023, 2030)] == [30, 29, 29, 29, 29, 29, 30]

    @pytest.mark.parametrize(
        ("day", "label"),
        [
            (date(2026, 2, 17), "正月初一"),
            (date(2026, 2, 16), "腊月廿九"),
            (date(2026, 9, 25), "八月十五"),
            (date(2025, 7, 25), "闰六月初一"),
            (date(2026, 2, 26), "正月初十"),
            (date(2026, 3, 8), "正月二十"),
            (date(2024, 2, 9), "腊月三十"),
        ],
    )
    def test_are_written_as_people_say_them(self, day: date, label: str) -> None:
        assert lunar_label(day) == label


class TestALunarDateThatDoesNotExist:
    @pytest.mark.parametrize(
        ("year", "month", "day", "leap"),
        [
            (2026, 12, 30, False),
            (2026, 6, 1, True),
            (2026, 13, 1, False),
            (2026, 1, 0, False),
            (2057, 1, 1, False),
        ],
    )
    def test_is_refused(self, year: int, month: int, day: int, leap: bool) -> None:
        with pytest.raises(LunarDateUnknown, match="农历"):
            to_solar(year, month, day, leap)

    def test_so_is_a_day_before_the_tables_or_after(self) -> None:
        for day in (date(1900, 1, 30), date(2057, 1, 1)):
            with pytest.raises(LunarDateUnknown):
                from_solar(day)


class TestFestivals:
    # 除夕, 春节, 端午, 中秋, 清明 by the published tables
    TABLE = {
        2024: ("02-09", "02-10", "06-10", "09-17", "04-04"),
        2025: ("01-28", "01-29", "05-31", "10-06", "04-04"),
        2026: ("02-16", "02-17", "06-19", "09-25", "04-05"),
        2027: ("02-05", "02-06", "06-09", "09-15", "04-05"),
        2028: ("01-25", "01-26", "05-28", "10-03", "04-04"),
        2029: ("02-12", "02-13", "06-16", "09-22", "04-04"),
        2030: ("02-02", "02-03", "06-05", "09-12", "04-05"),
        2031: ("01-22", "01-23", "06-24", "10-01", "04-05"),
        2032: ("02-10", "02-11", "06-12", "09-19", "04-04"),
        2033: ("01-30", "01-31", "06-01", "09-08", "04-04"),
        2034: ("02-18", "02-19", "06-20", "09-27", "04-05"),
        2035: ("02-07", "02-08", "06-10", "09-16", "04-05"),
    }

    @pytest.mark.parametrize("year", TABLE)
    def test_fall_as_published(self, year: int) -> None:
        dates = [fest(year) for fest in (new_years_eve, spring_festival, dragon_boat, mid_autumn, qingming)]
        assert tuple(f"{day:%m-%d}" for day in dates) == self.TABLE[year]

    def test_qingming_equals_a_second_library_in_every_year_of_the_table(self) -> None:
        for year in range(1990, 2056):
            day = qingming(year)
            found = sxtwl.fromSolar(year, day.month, day.day)
            assert found.hasJieQi()
            assert found.getJieQi() == QINGMING

    def test_care_aims_at_the_last_working_day_before_the_holiday(self) -> None:
        calendar = shipped_calendar()
        spring = festival_window(Festival.SPRING, 2026, calendar)
        assert spring == (date(2026, 2, 2), date(2026, 2, 14), date(2026, 2, 17), False)
        assert festival_window(Festival.MID_AUTUMN, 2026, calendar).target == date(2026, 9, 24)
        assert festival_window(Festival.SPRING, 2024, calendar).target == date(2024, 2, 9)
        assert festival_date(Festival.MID_AUTUMN, 2026) == date(2026, 9, 25)

    def test_a_year_without_notice_makes_it_provisional(self) -> None:
        assert festival_window(Festival.SPRING, 2027, WorkCalendar.build([], [])).provisional
