"""Star points of policies (rulebook CL-1)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crm.house_rules import HouseRules
from tiers.rules.star_points import (
    PolicyFacts,
    StarRules,
    days_of_change,
    is_vip,
    points_of,
    shown,
    star_of,
    worth,
)

RULES = StarRules.of(HouseRules())
ON = date(2026, 6, 30)
REGULAR = PolicyFacts(Decimal("12000.00"), "annual", date(2022, 5, 1), date(2022, 5, 10), pay_years=20)
SINGLE = PolicyFacts(Decimal("100000.00"), "single", date(2016, 5, 20), date(2016, 6, 1))


class TestAStar:
    @pytest.mark.parametrize(
        ("points", "star", "vip"),
        [
            ("0", 0, False),
            ("3999.99", 0, False),
            ("4000.00", 1, False),
            ("39999.99", 1, False),
            ("40000.00", 2, True),
            ("100000.00", 3, True),
            ("299999.99", 3, True),
            ("300000.00", 4, True),
            ("699999.999", 4, True),
            ("700000.00", 5, True),
        ],
    )
    def test_is_reached_at_its_lower_bound(self, points: str, star: int, vip: bool) -> None:
        assert star_of(Decimal(points), RULES) == star
        assert is_vip(star, RULES) is vip


class TestARegularPremium:
    @pytest.mark.parametrize(
        ("premium", "frequency", "pay_years", "points"),
        [
            ("12000.00", "annual", 20, "12000.00"),
            ("12000.00", "annual", 10, "12000.00"),
            ("12000.00", "annual", 9, "10800.00"),
            ("20000.00", "annual", 5, "10000.00"),
            ("1000.00", "monthly", 20, "12000.00"),
            ("1000.00", "quarterly", 20, "4000.00"),
            ("1000.00", "half_yearly", 20, "2000.00"),
            ("0.01", "annual", 1, "0.001"),
        ],
    )
    def test_counts_by_the_year_and_by_a_tenth_for_each_year_of_payment(
        self, premium: str, frequency: str, pay_years: int, points: str
    ) -> None:
        policy = replace(REGULAR, premium=Decimal(premium), frequency=frequency, pay_years=pay_years)

        assert worth(policy, ON, RULES).points == Decimal(points)

    def test_without_years_of_payment_is_a_data_problem_and_counts_nothing(self) -> None:
        assert worth(replace(REGULAR, pay_years=None), ON, RULES).reason == "pay_years_missing"


class TestASinglePremium:
    @pytest.mark.parametrize(("on", "points"), [("2026-05-19", "10000"), ("2026-05-20", "0")])
    def test_counts_a_tenth_until_the_day_before_the_tenth_anniversary(self, on: str, points: str) -> None:
        assert worth(SINGLE, date.fromisoformat(on), RULES).points == Decimal(points)

    def test_counts_to_the_end_of_cover_if_that_is_earlier(self) -> None:
        policy = replace(SINGLE, ends=date(2021, 5, 19))

        assert worth(policy, date(2021, 5, 19), RULES).points == 10_000
        assert worth(policy, date(2021, 5, 20), RULES).reason == "ended"

    def test_of_29_february_ends_on_28_february(self) -> None:
        policy = replace(SINGLE, effective=date(2016, 2, 29), delivered=date(2016, 3, 1))

        assert worth(policy, date(2026, 2, 27), RULES).points == 10_000
        assert worth(policy, date(2026, 2, 28), RULES).reason == "single_over"


class TestWaitingAfterDelivery:
    @pytest.mark.parametrize(("on", "reason"), [("2026-03-16", "waiting"), ("2026-03-17", "")])
    def test_ends_on_day_16(self, on: str, reason: str) -> None:
        policy = replace(REGULAR, effective=date(2026, 2, 20), delivered=date(2026, 3, 1))
        found = worth(policy, date.fromisoformat(on), RULES)

        assert found.reason == reason
        assert found.counts_from == (date(2026, 3, 17) if reason else None)

    def test_never_ends_before_the_policy_takes_effect(self) -> None:
        policy = replace(REGULAR, delivered=date(2026, 3, 1), effective=date(2026, 7, 1))

        assert worth(policy, ON, RULES).reason == "not_begun"
        assert worth(policy, date(2026, 7, 1), RULES).reason == ""


class TestWhatNeverCounts:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"individual": False}, "group"),
            ({"long_term": False}, "short_term"),
            ({"status": "terminated"}, "ended"),
            ({"status": "permanently_lapsed"}, "ended"),
            ({"delivered": None}, "not_delivered"),
            ({"ends": date(2026, 6, 29)}, "ended"),
        ],
    )
    def test_says_why(self, change: dict[str, object], reason: str) -> None:
        found = worth(replace(REGULAR, **change), ON, RULES)  # type: ignore[arg-type]

        assert (found.reason, found.points) == (reason, 0)

    def test_is_not_a_lapsed_policy(self) -> None:
        assert worth(replace(REGULAR, status="lapsed"), ON, RULES).points == 12_000


class TestThePointsOfACustomer:
    def test_add_up_exactly_and_are_rounded_only_to_be_shown(self) -> None:
        thin = replace(REGULAR, premium=Decimal("0.01"), pay_years=1)
        points = points_of([thin] * 5, ON, RULES)

        assert points == Decimal("0.005")
        assert shown(points) == Decimal("0.01")

    def test_change_only_on_the_days_that_the_policies_name(self) -> None:
        policies = [REGULAR, SINGLE, replace(SINGLE, ends=date(2020, 1, 1))]
        named = {day for policy in policies for day in days_of_change(policy, RULES)}
        first = date(2016, 1, 1).toordinal()
        changed = {
            day
            for day in map(date.fromordinal, range(first + 1, first + 4000))
            if points_of(policies, day, RULES)
            != points_of(policies, date.fromordinal(day.toordinal() - 1), RULES)
        }

        assert changed == {day for day in named if day.year < 2026 or day < date(2026, 12, 1)}
