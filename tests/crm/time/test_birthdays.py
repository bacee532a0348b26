"""Birthdays, solar and lunar (rulebook X-26, X-27), and the old summer time that must not move them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.time import SHANGHAI, local_date
from crm.time.birthdays import (
    Birthday,
    BirthdayDoesNotExist,
    next_observed,
    observed_in_lunar_year,
    observed_in_year,
)
from crm.time.lunar import days_in_month, from_solar, leap_month


class TestASolarBirthday:
    def test_on_29_february_is_kept_on_the_28th_in_common_years(self) -> None:  # OP-043
        born = Birthday.born_on(date(1980, 2, 29))
        observed = [observed_in_year(born, year) for year in (2026, 2027, 2028)]
        assert observed == [(date(2026, 2, 28),), (date(2027, 2, 28),), (date(2028, 2, 29),)]

    def test_or_on_1_march_where_the_house_chose_so(self) -> None:
        born = Birthday.solar(2, 29)
        assert observed_in_year(born, 2026, "mar1") == (date(2026, 3, 1),)
        assert observed_in_year(born, 2028, "mar1") == (date(2028, 2, 29),)

    def test_stays_on_its_holiday(self) -> None:  # OP-045
        assert observed_in_year(Birthday.born_on(date(1975, 10, 4)), 2026) == (date(2026, 10, 4),)

    def test_that_no_calendar_has_is_refused(self) -> None:
        for month, day in ((2, 30), (13, 1), (0, 5), (4, 31)):
            with pytest.raises(BirthdayDoesNotExist, match="不存在"):
                Birthday.solar(month, day)

    def test_has_no_lunar_year(self) -> None:
        with pytest.raises(BirthdayDoesNotExist, match="公历"):
            observed_in_lunar_year(Birthday.solar(1, 1), 2026)


class TestALunarBirthday:
    def test_at_mid_autumn_follows_the_moon(self) -> None:  # OP-044
        born = Birthday.lunar(8, 15)
        observed = [observed_in_lunar_year(born, year) for year in (2025, 2026, 2027)]
        assert observed == [date(2025, 10, 6), date(2026, 9, 25), date(2027, 9, 15)]

    def test_on_the_thirtieth_of_a_short_month_is_kept_on_the_29th(self) -> None:  # OP-044
        born = Birthday.lunar(12, 30)
        assert observed_in_lunar_year(born, 2025) == date(2026, 2, 16)
        assert observed_in_lunar_year(born, 2029) == date(2030, 2, 2)

    def test_in_a_leap_month_falls_back_to_the_plain_month(self) -> None:
        born = Birthday.lunar(6, 1, leap=True)
        assert observed_in_lunar_year(born, 2025) == date(2025, 7, 25)
        assert observed_in_lunar_year(born, 2026) == date(2026, 7, 14)

    def test_in_a_plain_month_is_not_kept_again_in_the_leap_month(self) -> None:
        assert observed_in_year(Birthday.lunar(6, 1), 2025) == (date(2025, 6, 25),)

    def test_can_come_twice_or_never_in_a_gregorian_year(self) -> None:
        born = Birthday.lunar(12, 1)
        observed = {year: observed_in_year(born, year) for year in range(2000, 2050)}
        assert {len(days) for days in observed.values()} == {0, 1, 2}
        by_moon = (observed_in_lunar_year(born, year) for year in range(1999, 2050))
        by_year = [day for days in observed.values() for day in days]
        assert by_year == [day for day in by_moon if 2000 <= day.year < 2050]

    def test_is_read_off_the_gregorian_birth_date(self) -> None:
        assert Birthday.born_on(date(2025, 7, 25), "lunar") == Birthday.lunar(6, 1, leap=True)

    def test_that_no_calendar_has_is_refused(self) -> None:
        for month, day in ((13, 1), (1, 31), (1, 0)):
            with pytest.raises(BirthdayDoesNotExist, match="农历"):
                Birthday.lunar(month, day)

    @settings(max_examples=300, deadline=None)
    @given(st.integers(1, 12), st.integers(1, 30), st.booleans(), st.integers(1950, 2055))
    def test_comes_once_in_every_lunar_year_and_in_its_own_month(
        self, month: int, day: int, leap: bool, year: int
    ) -> None:
        found = from_solar(observed_in_lunar_year(Birthday.lunar(month, day, leap), year))
        assert (found.year, found.month) == (year, month)
        assert found.leap is (leap and leap_month(year) == month)
        assert found.day == min(day, days_in_month(year, month, found.leap))


class TestTheNextBirthday:
    def test_may_be_today(self) -> None:
        assert next_observed(Birthday.solar(3, 18), date(2026, 3, 18)) == date(2026, 3, 18)
        assert next_observed(Birthday.solar(3, 17), date(2026, 3, 18)) == date(2027, 3, 17)

    @settings(max_examples=200, deadline=None)
    @given(
        st.integers(1, 12), st.integers(1, 30), st.booleans(), st.dates(date(1990, 1, 1), date(2050, 1, 1))
    )
    def test_of_the_moon_is_never_more_than_thirteen_months_off(
        self, month: int, day: int, leap: bool, today: date
    ) -> None:
        found = next_observed(Birthday.lunar(month, day, leap), today)
        assert 0 <= (found - today).days <= 415


class TestTheSummerTimeOf1986To1991:
    SUMMERS = [date(year, 7, 1) for year in range(1986, 1992)]

    @pytest.mark.parametrize("born", SUMMERS)
    def test_does_not_move_a_birth_date(self, born: date) -> None:
        assert observed_in_year(Birthday.born_on(born), 2026) == (date(2026, 7, 1),)

    @pytest.mark.parametrize("born", SUMMERS)
    def test_is_why_a_birth_date_is_never_an_instant(self, born: date) -> None:
        midnight = datetime(born.year, born.month, born.day, tzinfo=SHANGHAI)
        assert midnight.utcoffset() != datetime(2026, 7, 1, tzinfo=SHANGHAI).utcoffset()
        assert local_date(midnight.astimezone(UTC)) == born
