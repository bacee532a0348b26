"""The gap to the next star and the three lists (rulebook CL-4, CL-5)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.house_rules import HouseRules
from tiers.rules.star_lists import gap_to_next, is_about_to_fall, is_about_to_rise, is_to_be_told
from tiers.rules.star_points import PolicyFacts, StarRules, standard_premium, star_of
from tiers.rules.star_terms import Term

RULES = StarRules.of(HouseRules())
DAY = date(2026, 6, 30)
FEN = Decimal("0.01")


class TestTheGap:
    def test_is_told_in_points_and_in_both_kinds_of_premium(self) -> None:
        gap = gap_to_next(1, Decimal("38500.00"), RULES)

        assert gap is not None
        assert (gap.next_star, gap.points) == (2, Decimal("1500.00"))
        assert (gap.annual_premium, gap.single_premium) == (Decimal("1500.00"), Decimal("15000.00"))

    def test_does_not_exist_above_five_stars(self) -> None:
        assert gap_to_next(5, Decimal("900000"), RULES) is None

    @given(st.integers(0, 699_999_999))
    def test_moves_the_star_and_one_fen_less_does_not(self, mills: int) -> None:
        points = Decimal(mills) / 1000
        star = star_of(points, RULES)
        gap = gap_to_next(star, points, RULES)

        assert gap is not None
        for frequency, premium in (("annual", gap.annual_premium), ("single", gap.single_premium)):
            assert star_of(points + _worth(premium, frequency), RULES) == gap.next_star
            assert star_of(points + _worth(premium - FEN, frequency), RULES) == star
        assert star_of(points + gap.points, RULES) == gap.next_star
        assert star_of(points + gap.points - FEN, RULES) == star


def _worth(premium: Decimal, frequency: str) -> Decimal:
    return standard_premium(PolicyFacts(premium, frequency, DAY, DAY, pay_years=10), RULES)


class TestTheRiseList:
    @pytest.mark.parametrize(
        ("star", "points", "on_it"),
        [
            (1, "31999.99", False),
            (1, "32000.00", True),  # a gap of exactly 20 % of 40,000
            (1, "38500.00", True),
            (1, "40000.00", False),
            (5, "900000.00", False),
        ],
    )
    def test_holds_gaps_up_to_a_fifth_of_the_next_threshold(
        self, star: int, points: str, on_it: bool
    ) -> None:
        assert is_about_to_rise(star, Decimal(points), RULES) is on_it


class TestTheFallList:
    @pytest.mark.parametrize(
        ("on", "points", "on_it"),
        [
            ("2027-10-01", "38000", False),  # 91 days before the end
            ("2027-10-02", "38000", True),
            ("2027-12-31", "38000", True),
            ("2027-12-31", "40000", False),
            ("2028-01-01", "38000", False),
        ],
    )
    def test_holds_who_loses_the_star_within_90_days(self, on: str, points: str, on_it: bool) -> None:
        term = Term(2, date(2026, 1, 1))

        assert is_about_to_fall(term, Decimal(points), date.fromisoformat(on), RULES) is on_it

    def test_looks_at_the_end_of_maintenance_once_in_it(self) -> None:
        term = Term(2, date(2026, 1, 1), "maintenance")

        assert is_about_to_fall(term, Decimal(0), date(2028, 6, 1), RULES)

    def test_never_holds_who_has_no_star_to_lose(self) -> None:
        assert not is_about_to_fall(Term(0, date(2026, 1, 1)), Decimal(0), date(2027, 12, 31), RULES)


class TestTheListOfBenefitsToTell:
    @pytest.mark.parametrize(
        ("changed", "told", "on_it"),
        [
            (None, None, True),
            ("2026-05-31", "2026-05-30", True),  # 30 days ago, told before
            ("2026-05-30", "2026-05-29", False),  # 31 days ago
            ("2026-05-31", "2026-05-31", False),
            (None, "2025-06-30", True),
            (None, "2025-07-01", False),
        ],
    )
    def test_holds_fresh_stars_and_who_heard_nothing_for_a_year(
        self, changed: str | None, told: str | None, on_it: bool
    ) -> None:
        days = [date.fromisoformat(day) if day else None for day in (changed, told)]

        assert is_to_be_told(days[0], days[1], DAY) is on_it
