"""The on-time rate."""

from decimal import Decimal

import pytest

from servicing.kept_rate import closed_in_time_rate, on_time_rate


class TestTheRate:
    def test_counts_what_fell_due_and_nothing_else(self) -> None:
        found = on_time_rate(kept=18, broken=1, unproven=1, excluded={"paused": 3, "cancelled": 2})
        assert (found.numerator, found.denominator, found.text) == (18, 20, "90.00%")
        assert found.excluded == {"paused": 3, "cancelled": 2}

    @pytest.mark.parametrize(
        ("kept", "broken", "text"),
        [(2, 1, "66.67%"), (1, 2, "33.33%"), (1, 799, "0.13%"), (0, 5, "0.00%"), (7, 0, "100.00%")],
    )
    def test_is_rounded_half_up_to_two_places(self, kept: int, broken: int, text: str) -> None:
        assert on_time_rate(kept=kept, broken=broken).text == text

    def test_overdue_and_unproven_count_as_not_kept(self) -> None:
        assert on_time_rate(kept=1, overdue=1, unproven=2).rate == Decimal("25.00")

    def test_of_nothing_is_no_data(self) -> None:
        found = on_time_rate(excluded={"paused": 9})
        assert (found.rate, found.text, found.denominator) == (None, "no data", 0)

    def test_the_usual_rate_looks_at_what_was_closed(self) -> None:
        assert closed_in_time_rate(in_time=9, closed=12).text == "75.00%"
