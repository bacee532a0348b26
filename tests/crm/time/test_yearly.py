"""Yearly counts and half-yearly reports (rulebook X-17, PA-18.2.3, PA-18.2.8)."""

from datetime import date

import pytest

from crm.time.yearly import (
    TierPeriod,
    VisitStatus,
    half_year_end,
    policy_report_due,
    visit_status,
    visits_done,
    visits_required,
)

YEARLY = {"gold": 3, "silver": 2}
GOLD_ALL_YEAR = [TierPeriod(date(2020, 1, 1), None, "gold")]


def since(*changes: tuple[str, str]) -> list[TierPeriod]:
    starts = [date.fromisoformat(day) for day, _ in changes]
    ends = [*starts[1:], None]
    return [TierPeriod(start, end, tier) for start, end, (_, tier) in zip(starts, ends, changes, strict=True)]


class TestTheVisitsAYearRequires:
    @pytest.mark.parametrize(
        ("periods", "required"),
        [
            (since(("2026-01-01", "ordinary"), ("2026-05-20", "gold")), 2),  # OP-060: 1.75
            (GOLD_ALL_YEAR, 3),
            (since(("2026-07-01", "silver")), 1),
            (since(("2026-07-02", "silver")), 1),  # five months, 0.83
            (since(("2026-01-01", "silver"), ("2026-04-01", "ordinary")), 1),  # exactly 0.5, half up
            (since(("2026-01-01", "silver"), ("2026-03-01", "ordinary")), 0),  # 0.33
            (since(("2026-01-01", "silver"), ("2026-01-02", "gold")), 3),  # 2/12 + 33/12 = 2.92
            ([], 0),
        ],
    )
    def test_add_up_month_by_month(self, periods: list[TierPeriod], required: int) -> None:
        assert visits_required(2026, periods, YEARLY) == required


class TestTheVisitsOfAYear:
    DONE = [date(2026, 2, 3), date(2026, 6, 11)]

    def test_are_judged_when_the_year_is_over(self) -> None:  # OP-059
        status = visit_status(2026, GOLD_ALL_YEAR, YEARLY, self.DONE, date(2027, 1, 1))
        assert status == VisitStatus(3, 2, "broken")

    def test_are_open_until_then_even_when_all_are_done(self) -> None:
        done = [*self.DONE, date(2026, 9, 1)]
        assert visit_status(2026, GOLD_ALL_YEAR, YEARLY, done, date(2026, 12, 31)).result == "open"
        assert visit_status(2026, GOLD_ALL_YEAR, YEARLY, done, date(2027, 1, 1)).result == "kept"

    def test_count_once_a_day_and_in_the_year_they_were_completed(self) -> None:
        done = [date(2025, 12, 31), date(2026, 2, 3), date(2026, 2, 3), date(2026, 12, 31), date(2027, 1, 1)]
        assert visits_done(2026, done, date(2027, 6, 1)) == 2
        assert visits_done(2026, done, date(2026, 6, 1)) == 1


class TestThePolicyReport:
    def test_is_due_a_month_after_the_half_year(self) -> None:  # OP-062
        assert policy_report_due(date(2026, 6, 30)) == date(2026, 7, 31)
        assert policy_report_due(date(2026, 12, 31)) == date(2027, 1, 31)
        assert half_year_end(date(2026, 3, 1)) == date(2026, 6, 30)
        assert half_year_end(date(2026, 7, 1)) == date(2026, 12, 31)
