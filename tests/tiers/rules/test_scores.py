"""Scores and scales (rulebook PA-13.1, X-18)."""

from datetime import date
from decimal import Decimal

import pytest

from tiers.rules.plain import Threshold, level_of
from tiers.rules.scales import Band, ScaleIsUnsound, ascending, coefficient, step
from tiers.rules.scores import CoefficientTables, score, years_since


class TestAScale:
    @pytest.mark.parametrize(
        ("value", "reached"), [("-1", 0), ("9.99", 0), ("10", 1), ("19.99", 1), ("20", 2), ("99", 2)]
    )
    def test_includes_its_lower_bounds(self, value: str, reached: int) -> None:
        assert step([Decimal(10), Decimal(20)], Decimal(value)) == reached

    @pytest.mark.parametrize("bounds", [[10, 10], [20, 10]])
    def test_ascends(self, bounds: list[int]) -> None:
        with pytest.raises(ScaleIsUnsound, match="逐级升高"):
            ascending([Decimal(bound) for bound in bounds])

    def test_may_have_one_bound_or_none(self) -> None:
        ascending([])
        ascending([Decimal(0)])


class TestACoefficient:
    BANDS = (Band(Decimal(0), Decimal("0.8")), Band(Decimal(100), Decimal("1.2")))

    @pytest.mark.parametrize(
        ("value", "expected"), [("-1", "1"), ("0", "0.8"), ("99.99", "0.8"), ("100", "1.2")]
    )
    def test_is_that_of_the_band_and_1_below_all(self, value: str, expected: str) -> None:
        assert coefficient(self.BANDS, Decimal(value)) == Decimal(expected)

    def test_is_1_without_a_table(self) -> None:
        assert coefficient((), Decimal(5)) == 1


class TestAScore:
    def test_is_the_premium_where_no_table_is_set(self) -> None:
        assert score(CoefficientTables(), premium=Decimal("900.00"), years=3).value == Decimal("900.00")

    def test_multiplies_the_three_coefficients(self) -> None:
        tables = CoefficientTables(
            scale=(Band(Decimal(500), Decimal("1.5")),),
            loyalty=(Band(Decimal(3), Decimal("1.1")),),
            profit=(Band(Decimal("0.2"), Decimal(2)),),
        )
        found = score(tables, premium=Decimal("900.01"), years=3, profit_share=Decimal("0.2"))

        assert (found.scale, found.loyalty, found.profit) == (Decimal("1.5"), Decimal("1.1"), Decimal(2))
        assert found.value == Decimal("900.01") * Decimal("3.3")  # exact: ranks are decided by it


class TestYearsSinceTheFirstPolicy:
    @pytest.mark.parametrize(
        ("first", "on", "years"),
        [
            ("2022-01-05", "2025-01-04", 2),
            ("2022-01-05", "2025-01-05", 3),
            ("2024-02-29", "2025-02-27", 0),
            ("2024-02-29", "2025-02-28", 1),
            ("2024-02-29", "2028-02-28", 3),
            ("2026-06-01", "2025-12-31", 0),
        ],
    )
    def test_count_anniversaries(self, first: str, on: str, years: int) -> None:
        assert years_since(date.fromisoformat(first), date.fromisoformat(on)) == years


class TestASchemeOfOnesOwn:
    LEVELS = (Threshold("bronze", Decimal(0)), Threshold("silver", Decimal(1000)))

    @pytest.mark.parametrize(
        ("figure", "level"), [("-0.01", ""), ("0", "bronze"), ("999.99", "bronze"), ("1000", "silver")]
    )
    def test_gives_the_highest_level_reached(self, figure: str, level: str) -> None:
        assert level_of(self.LEVELS, Decimal(figure)) == level
