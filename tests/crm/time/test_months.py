"""Months ahead and the renewal reminder (rulebook X-11, X-12, PA-17.4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.time.months import Reminder, add_months, latest_passed, months_before, renewal_reminder
from crm.time.shipped import shipped_calendar

CALENDAR = shipped_calendar()


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "k", "expected"),
        [
            ("2026-04-30", 2, "2026-02-28"),
            ("2028-04-30", 2, "2028-02-29"),
            ("2026-01-31", 2, "2025-11-30"),
            ("2026-02-28", 2, "2025-12-28"),  # month-ends do not stick
            ("2026-03-31", 0, "2026-03-31"),
            ("2026-03-15", 12, "2025-03-15"),
        ],
    )
    def test_before_keep_the_day_number_where_the_month_has_it(self, day: str, k: int, expected: str) -> None:
        assert months_before(date.fromisoformat(day), k) == date.fromisoformat(expected)

    @given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(0, 60))
    def test_ahead_and_back_never_passes_the_day(self, day: date, k: int) -> None:
        back = months_before(add_months(day, k), k)
        assert back == day or (day.day > 28 and back.day < day.day and back.month == day.month)


class TestTheLatestDateFromWhichTenYearsHavePassed:
    @pytest.mark.parametrize(
        ("day", "last"),
        [
            ("2026-02-28", "2016-02-29"),
            ("2026-02-27", "2016-02-27"),
            ("2026-03-01", "2016-03-01"),
            ("2028-02-29", "2018-02-28"),
        ],
    )
    def test_minds_month_ends(self, day: str, last: str) -> None:
        assert latest_passed(date.fromisoformat(day), 120) == date.fromisoformat(last)


class TestTheRenewalReminder:
    @pytest.mark.parametrize(
        ("last_day", "nominal", "send_by"),
        [
            ("2026-12-31", "2026-10-31", "2026-10-30"),  # OP-047
            ("2026-04-30", "2026-02-28", "2026-02-28"),
            ("2026-03-31", "2026-01-31", "2026-01-30"),
            ("2026-01-31", "2025-11-30", "2025-11-28"),
        ],
    )
    def test_goes_out_two_months_ahead_or_the_working_day_before(
        self, last_day: str, nominal: str, send_by: str
    ) -> None:
        reminder = renewal_reminder(date.fromisoformat(last_day), CALENDAR)
        assert reminder == Reminder(date.fromisoformat(nominal), date.fromisoformat(send_by), False)

    def test_is_provisional_in_a_year_without_notice(self) -> None:  # OP-048
        reminder = renewal_reminder(date(2028, 4, 30), CALENDAR)
        assert (reminder.nominal, reminder.provisional) == (date(2028, 2, 29), True)

    def test_moved_back_over_new_year_still_touches_the_unknown_year(self) -> None:
        reminder = renewal_reminder(date(2027, 3, 1), CALENDAR)
        assert reminder == Reminder(date(2027, 1, 1), date(2026, 12, 31), True)

    def test_for_a_short_policy_is_owed_one_working_day_after_issue(self) -> None:
        reminder = renewal_reminder(
            date(2026, 3, 31), CALENDAR, begins=date(2026, 3, 1), issued=date(2026, 2, 13)
        )
        assert reminder == Reminder(date(2026, 1, 31), date(2026, 2, 14), False, late_by_construction=True)
        year_end = date(2026, 12, 31)  # to be reminded by Friday 30 October
        assert not renewal_reminder(year_end, CALENDAR, begins=date(2026, 10, 30)).late_by_construction
        assert renewal_reminder(year_end, CALENDAR, begins=date(2026, 10, 31)).late_by_construction
