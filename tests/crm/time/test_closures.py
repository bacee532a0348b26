"""A branch's own calendar: the country's, less the days on which it or anything above it is closed."""

from dataclasses import dataclass
from datetime import date

import pytest

from crm.time.calendar import ListedDay, WorkCalendar
from crm.time.closures import Calendars

MONDAY, TUESDAY, SATURDAY = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 8)


@dataclass(frozen=True)
class Spot:
    pk: int
    path: str


ROOT, PROVINCE, OFFICE, ELSEWHERE = Spot(1, "1/"), Spot(4, "1/4/"), Spot(9, "1/4/9/"), Spot(5, "1/5/")


@pytest.fixture
def national() -> WorkCalendar:
    holiday = [ListedDay(date(2026, 8, 5), False, "假日")]
    return WorkCalendar.build(holiday, [2026], version=7)


def closed(day: date, name: str = "台风停业") -> ListedDay:
    return ListedDay(day, False, name)


class TestWithoutClosures:
    def test_every_branch_has_the_countrys_calendar_itself(self, national: WorkCalendar) -> None:
        everywhere = Calendars(national, {})
        assert everywhere.of(OFFICE) is national
        assert everywhere.of(None) is national


class TestAClosure:
    def test_holds_for_the_branch_and_all_below_it(self, national: WorkCalendar) -> None:
        everywhere = Calendars(national, {PROVINCE.pk: (closed(MONDAY),)})
        assert not everywhere.of(PROVINCE).is_working_day(MONDAY)
        assert not everywhere.of(OFFICE).is_working_day(MONDAY)
        assert everywhere.of(OFFICE).why(MONDAY) == "台风停业"

    def test_holds_nowhere_else(self, national: WorkCalendar) -> None:
        everywhere = Calendars(national, {PROVINCE.pk: (closed(MONDAY),)})
        assert everywhere.of(ROOT) is national
        assert everywhere.of(ELSEWHERE) is national
        assert everywhere.of(None) is national

    def test_keeps_the_version_so_that_receipts_find_it_again(self, national: WorkCalendar) -> None:
        assert Calendars(national, {9: (closed(MONDAY),)}).of(OFFICE).version == 7

    def test_moves_a_count_by_its_working_days_only(self, national: WorkCalendar) -> None:
        here = Calendars(national, {9: (closed(MONDAY), closed(SATURDAY))}).of(OFFICE)
        friday = date(2026, 7, 31)
        assert national.add_working_days(friday, 1) == MONDAY
        assert here.add_working_days(friday, 1) == TUESDAY
        assert here.working_days_between(friday, date(2026, 8, 10)) == 4  # 08-04, 08-06, 08-07, 08-10

    def test_leaves_a_day_off_its_own_name(self, national: WorkCalendar) -> None:
        here = Calendars(national, {9: (closed(date(2026, 8, 5)), closed(SATURDAY))}).of(OFFICE)
        assert here.why(date(2026, 8, 5)) == "假日"
        assert here.why(SATURDAY) == "周末"

    def test_adds_to_those_above(self, national: WorkCalendar) -> None:
        everywhere = Calendars(national, {4: (closed(MONDAY),), 9: (closed(TUESDAY, "搬迁停业"),)})
        assert everywhere.of(OFFICE).add_working_days(date(2026, 7, 31), 1) == date(2026, 8, 6)
        assert everywhere.of(PROVINCE).is_working_day(TUESDAY)

    def test_that_is_only_thought_of_changes_nothing(self, national: WorkCalendar) -> None:
        everywhere = Calendars(national, {4: (closed(MONDAY),)})
        would = everywhere.with_closures(PROVINCE, [*everywhere.closed_days(PROVINCE), closed(TUESDAY)])
        assert not would.of(PROVINCE).is_working_day(TUESDAY)
        assert not would.of(PROVINCE).is_working_day(MONDAY)
        assert everywhere.of(PROVINCE).is_working_day(TUESDAY)
