"""The calendar against two libraries and a slow walk, day by day over 2004–2026."""

from datetime import date, time, timedelta

import chinese_calendar
import holidays

from crm.time import at_time
from crm.time.calendar import WorkCalendar
from crm.time.clocks import Clock, Unit, compute_due
from crm.time.shipped import shipped_calendar, shipped_notices

CALENDAR = shipped_calendar()
FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
ONE_DAY = timedelta(days=1)
MADE_UP_BUT_UNLISTED = date(2005, 12, 31)  # chinesecalendar forgets that this Saturday was worked
# 2027 by the statute alone, written down by hand.
STATUTORY_2027 = {
    date(2027, month, day) for month, day in [(1, 1), (2, 5), (2, 8), (4, 5), (6, 9), (9, 15), (10, 1)]
}


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def worked_by_the_library(day: date) -> bool:
    if day.year == 2027:
        return day.weekday() < 5 and day not in STATUTORY_2027
    return day == MADE_UP_BUT_UNLISTED or chinese_calendar.is_workday(day)


class TestTheShippedCalendar:
    def test_equals_chinesecalendar_on_every_day_but_one(self) -> None:
        differing = [
            day
            for day in days(FIRST, LAST)
            if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)
        ]
        assert differing == [MADE_UP_BUT_UNLISTED]

    def test_equals_holidays_on_every_day(self) -> None:
        china = holidays.country_holidays("CN", years=range(2004, 2027))
        differing = [
            day for day in days(FIRST, LAST) if CALENDAR.is_working_day(day) != china.is_working_day(day)
        ]
        assert differing == []

    def test_every_year_from_2004_to_2026_is_shipped_with_its_source(self) -> None:
        notices = shipped_notices()
        assert [notice.year for notice in notices] == list(range(2004, 2027))
        for notice in notices:
            assert notice.source
            if notice.year >= 2024:
                assert (
                    notice.number and notice.published_on and notice.address.startswith("https://www.gov.cn/")
                )


class TestWorkingDaysAgainstASlowWalk:
    def test_give_the_same_date_for_every_day_and_every_n_up_to_60(self) -> None:
        worked = {day: worked_by_the_library(day) for day in days(FIRST, date(2027, 12, 31))}
        for start in days(FIRST, LAST):
            day, reached = start, [start]
            while len(reached) <= 60:
                day += ONE_DAY
                if worked[day]:
                    reached.append(day)
            assert [CALENDAR.add_working_days(start, n) for n in range(61)] == reached

    def test_the_engine_agrees_and_is_provisional_where_it_spills_into_2027(self) -> None:
        for start in days(date(2026, 9, 1), LAST):
            for n in (0, 1, 5, 15, 60):
                due = compute_due(
                    Clock(Unit.WORKING_DAYS, n), at_time(start, time(10)), calendar=CALENDAR, with_steps=False
                )
                assert due.due_date == CALENDAR.add_working_days(start, n)
                assert due.provisional is (due.due_date is not None and due.due_date.year == 2027)

    def test_backwards_is_the_mirror_of_forwards(self) -> None:
        for start in CALENDAR_WORKED:
            assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, 9), -9) == start


CALENDAR_WORKED = [day for day in days(date(2024, 1, 1), LAST) if CALENDAR.is_working_day(day)]


class TestACalendarWithoutAnyNotice:
    def test_works_on_every_weekday_that_the_statute_leaves(self) -> None:
        bare = WorkCalendar.build([], [])
        expected = [
            day.weekday() < 5 and day not in STATUTORY_2027
            for day in days(date(2027, 1, 1), date(2027, 12, 31))
        ]
        assert [bare.is_working_day(day) for day in days(date(2027, 1, 1), date(2027, 12, 31))] == expected
