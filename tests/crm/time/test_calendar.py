"""The working calendar: what is worked, why, and arithmetic on it (rulebook X-02, X-03, X-05)."""

from datetime import date, timedelta

import pytest

from crm.time.calendar import FIRST_DAY, LAST_DAY, DateOutsideCalendar, ListedDay, WorkCalendar
from crm.time.shipped import shipped_calendar

CALENDAR = shipped_calendar()
BARE = WorkCalendar.build([], [])


class TestADayOfAPublishedYear:
    @pytest.mark.parametrize(
        ("day", "worked", "why"),
        [
            ("2026-02-12", True, "工作日"),
            ("2026-02-14", True, "调休上班"),
            ("2026-02-15", False, "春节"),
            ("2026-02-22", False, "春节"),
            ("2026-02-28", True, "调休上班"),
            ("2026-06-06", False, "周末"),
            ("2026-01-04", True, "调休上班"),
            ("2025-10-06", False, "国庆节、中秋节"),
            ("2024-02-09", True, "工作日"),  # 除夕 2024 was worked
            ("2026-03-08", False, "周末"),
            ("2027-03-08", True, "工作日"),  # half days for some change nothing
            ("2005-12-31", True, "调休上班"),
        ],
    )
    def test_is_worked_as_the_notice_says(self, day: str, worked: bool, why: str) -> None:
        assert CALENDAR.is_working_day(date.fromisoformat(day)) is worked
        assert CALENDAR.why(date.fromisoformat(day)) == why


class TestAYearWithoutNotice:
    BASE_2027 = {
        "01-01": "元旦",
        "02-05": "春节",
        "02-06": "春节",
        "02-07": "春节",
        "02-08": "春节",
        "04-05": "清明节",
        "05-01": "劳动节",
        "05-02": "劳动节",
        "06-09": "端午节",
        "09-15": "中秋节",
        "10-01": "国庆节",
        "10-02": "国庆节",
        "10-03": "国庆节",
    }

    def test_has_the_statutory_days_and_plain_weekends_only(self) -> None:
        day = date(2027, 1, 1)
        while day.year == 2027:
            name = self.BASE_2027.get(f"{day:%m-%d}")
            expected = name or ("周末" if day.weekday() >= 5 else "工作日")
            assert CALENDAR.why(day) == expected
            assert CALENDAR.is_working_day(day) is (expected == "工作日")
            day += timedelta(days=1)

    def test_is_not_published_and_says_so_for_every_span_it_touches(self) -> None:
        assert CALENDAR.is_published(2026)
        assert not CALENDAR.is_published(2027)
        assert CALENDAR.touches_unpublished(date(2026, 12, 31), date(2027, 1, 1))
        assert not CALENDAR.touches_unpublished(date(2026, 1, 1), date(2026, 12, 31))
        assert CALENDAR.touches_unpublished(date(2026, 1, 1), date(2028, 1, 1))

    def test_two_statutory_days_on_one_date_share_it(self) -> None:
        assert CALENDAR.why(date(2031, 10, 1)) == "国庆节、中秋节"

    def test_settles_when_its_notice_comes(self) -> None:
        notice = [ListedDay(date(2027, 2, 13), True, "春节"), ListedDay(date(2027, 2, 9), False, "春节")]
        settled = WorkCalendar.build(notice, [2027], version=7)
        assert settled.version == 7
        assert settled.is_working_day(date(2027, 2, 13))
        assert settled.why(date(2027, 2, 9)) == "春节"
        assert settled.is_working_day(date(2027, 10, 1))  # only what the notice lists


class TestALocalClosure:
    def test_replaces_what_the_country_says(self) -> None:
        branch = WorkCalendar.build(
            [ListedDay(date(2026, 2, 14), True, "春节"), ListedDay(date(2026, 2, 14), False, "台风停业")],
            [2026],
        )
        assert branch.why(date(2026, 2, 14)) == "台风停业"
        assert branch.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 16)


class TestAddingWorkingDays:
    @pytest.mark.parametrize(
        ("day", "n", "expected"),
        [
            ("2026-02-12", 5, "2026-02-26"),  # OP-001
            ("2026-02-12", 3, "2026-02-24"),
            ("2026-02-12", 7, "2026-02-28"),  # OP-002, the seventh is a make-up Saturday
            ("2026-02-14", 3, "2026-02-26"),  # OP-003
            ("2026-02-15", 2, "2026-02-25"),  # OP-004
            ("2026-09-29", 7, "2026-10-14"),  # OP-005
            ("2025-12-24", 15, "2026-01-15"),  # OP-006
            ("2024-02-08", 5, "2024-02-21"),  # OP-008
            ("2026-06-06", 0, "2026-06-06"),
            ("2026-06-08", 0, "2026-06-08"),
            ("2026-02-24", -1, "2026-02-14"),
            ("2026-02-20", -1, "2026-02-14"),
            ("2026-02-24", -2, "2026-02-13"),
        ],
    )
    def test_lands_on_the_nth_worked_day_strictly_after_or_before(
        self, day: str, n: int, expected: str
    ) -> None:
        assert CALENDAR.add_working_days(date.fromisoformat(day), n) == date.fromisoformat(expected)

    def test_counts_the_days_between_as_after_exclusive_until_inclusive(self) -> None:
        assert CALENDAR.working_days_between(date(2026, 2, 12), date(2026, 2, 26)) == 5
        assert CALENDAR.working_days_between(date(2026, 2, 14), date(2026, 2, 23)) == 0
        assert CALENDAR.working_days_between(date(2026, 2, 26), date(2026, 2, 12)) == -5

    def test_finds_the_nearest_worked_day_on_both_sides(self) -> None:
        assert CALENDAR.on_or_before(date(2026, 2, 20)) == date(2026, 2, 14)
        assert CALENDAR.on_or_after(date(2026, 2, 20)) == date(2026, 2, 24)
        assert CALENDAR.on_or_before(date(2026, 2, 14)) == date(2026, 2, 14)
        assert CALENDAR.on_or_after(date(2026, 2, 28)) == date(2026, 2, 28)


class TestADateOutsideTheTable:
    @pytest.mark.parametrize(
        "day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1), date(1, 1, 1), date(1988, 6, 1)]
    )
    def test_is_refused_in_chinese(self, day: date) -> None:
        for ask in (CALENDAR.is_working_day, CALENDAR.why, CALENDAR.on_or_before, CALENDAR.on_or_after):
            with pytest.raises(DateOutsideCalendar, match="工作日历的范围"):
                ask(day)
        for n in (1, -1):
            with pytest.raises(DateOutsideCalendar):
                CALENDAR.add_working_days(day, n)

    def test_so_is_a_result_outside_it(self) -> None:
        with pytest.raises(DateOutsideCalendar):
            CALENDAR.add_working_days(LAST_DAY - timedelta(days=3), 60)
        with pytest.raises(DateOutsideCalendar):
            CALENDAR.add_working_days(date(2026, 1, 5), 10**6)
        with pytest.raises(DateOutsideCalendar):
            CALENDAR.add_working_days(FIRST_DAY + timedelta(days=3), -60)
        with pytest.raises(DateOutsideCalendar):
            CALENDAR.on_or_before(FIRST_DAY)  # 1990-01-01 was a holiday and nothing lies before it

    def test_the_first_and_last_years_are_inside(self) -> None:
        assert BARE.add_working_days(FIRST_DAY, 1) == date(1990, 1, 2)
        assert BARE.is_working_day(LAST_DAY)
