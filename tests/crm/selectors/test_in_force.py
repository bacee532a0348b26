"""Calendars and settings in force: read together, kept in memory, never stale."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest

from crm.models import CalendarDay, CalendarNotice, RuleSetting
from crm.selectors import calendars, house_rules
from crm.selectors.in_force import in_force

pytestmark = pytest.mark.django_db
Budget = Callable[[int], AbstractContextManager[object]]


def written_elsewhere(day: date, now: datetime) -> CalendarNotice:
    """This function will add a notice as another process does: past everything that this one keeps in memory."""
    year = day.year
    row = CalendarNotice.objects.create(year=year, source="测试", digest=f"{day}", imported_at=now)
    CalendarDay.objects.create(notice=row, date=day, working=False, name="测试假日")
    return row


class TestBoth:
    def test_are_read_in_one_statement(self, django_assert_num_queries: Budget) -> None:
        in_force()
        with django_assert_num_queries(1):
            in_force()

    def test_are_what_each_selector_says_by_itself(self, now: datetime) -> None:
        RuleSetting.objects.create(key="pause_long_days", value=7, reason="试", set_at=now)

        assert in_force().calendars is calendars.everywhere()
        assert in_force().rules == house_rules.current()

    def test_of_an_empty_house_are_the_defaults(self) -> None:
        CalendarDay.objects.all().delete()
        CalendarNotice.objects.all().delete()

        assert not in_force().calendars.national.is_published(2026)
        assert in_force().rules == house_rules.current()


class TestANotice:
    def test_of_another_process_rules_at_once(self, now: datetime) -> None:
        day = date(2031, 6, 3)
        assert in_force().calendars.national.is_working_day(day)

        row = written_elsewhere(day, now)

        assert not in_force().calendars.national.is_working_day(day)
        assert in_force().calendars.national.version == row.pk

    def test_with_the_number_of_one_that_was_rolled_back_is_not_taken_for_it(self, now: datetime) -> None:
        day, other = date(2031, 6, 3), date(2031, 6, 4)
        row = written_elsewhere(day, now)
        in_force()
        number = row.pk
        row.days.all().delete()
        row.delete()
        CalendarNotice.objects.create(
            pk=number, year=2031, source="测试", digest=f"{other}", imported_at=now
        ).days.create(date=other, working=False, name="测试假日")

        assert in_force().calendars.national.is_working_day(day)
        assert not in_force().calendars.national.is_working_day(other)


class TestASetting:
    def test_of_another_process_holds_at_once(self, now: datetime) -> None:
        for days in (7, 8):
            RuleSetting.objects.create(key="pause_long_days", value=days, reason="试", set_at=now)
            assert in_force().rules.pause_long_days == days
