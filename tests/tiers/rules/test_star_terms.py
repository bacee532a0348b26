"""How long a star holds (rulebook CL-2)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.house_rules import HouseRules
from tiers.rules.star_points import StarRules, star_of
from tiers.rules.star_terms import Term, follow, standing

RULES = StarRules.of(HouseRules())
RATED = date(2026, 1, 1)
VALID_TO, KEPT_TO = date(2027, 12, 31), date(2028, 6, 28)


def constant(points: str) -> list[tuple[date, Decimal]]:
    return [(RATED, Decimal(points))]


def at(day: str, points: list[tuple[date, Decimal]], star: int = 2) -> tuple[int, str, date]:
    term = standing(Term(star, RATED), points, date.fromisoformat(day), RULES)
    return term.star, term.state, term.rated_on


class TestATerm:
    def test_is_730_days_with_the_rating_day_and_180_more(self) -> None:
        term = Term(2, RATED)

        assert term.valid_to(RULES) == VALID_TO
        assert term.maintenance_to(RULES) == KEPT_TO


class TestTooFewPoints:
    @pytest.mark.parametrize(
        ("day", "star", "state"),
        [
            ("2027-06-30", 2, "valid"),
            ("2027-12-31", 2, "valid"),
            ("2028-01-01", 2, "maintenance"),
            ("2028-06-28", 2, "maintenance"),
            ("2028-06-29", 1, "valid"),
        ],
    )
    def test_lower_a_star_only_after_maintenance(self, day: str, star: int, state: str) -> None:
        assert at(day, constant("38000.00"))[:2] == (star, state)

    def test_begin_a_new_validity_of_the_lower_star(self) -> None:
        assert at("2028-06-29", constant("38000.00"))[2] == date(2028, 6, 29)


class TestEnoughPoints:
    def test_renew_the_star_the_day_after_validity(self) -> None:
        assert at("2027-12-31", constant("40000.00")) == (2, "valid", RATED)
        assert at("2028-01-01", constant("40000.00")) == (2, "valid", date(2028, 1, 1))

    def test_of_a_higher_star_raise_it_that_day(self) -> None:
        points = [*constant("40000.00"), (date(2026, 8, 8), Decimal("100000.00"))]

        assert at("2026-08-07", points) == (2, "valid", RATED)
        assert at("2026-08-08", points) == (3, "valid", date(2026, 8, 8))

    @pytest.mark.parametrize(("points", "star"), [("40000.00", 2), ("300000.00", 4)])
    def test_during_maintenance_rate_anew_that_day(self, points: str, star: int) -> None:
        changes = [*constant("38000.00"), (date(2028, 3, 3), Decimal(points))]

        assert at("2028-03-03", changes) == (star, "valid", date(2028, 3, 3))

    def test_on_the_last_day_of_maintenance_still_keep_the_star(self) -> None:
        changes = [*constant("38000.00"), (KEPT_TO, Decimal("40000.00"))]

        assert at("2028-06-29", changes) == (2, "valid", KEPT_TO)

    def test_on_the_day_after_it_are_judged_before_the_fall(self) -> None:
        changes = [*constant("38000.00"), (KEPT_TO + timedelta(days=1), Decimal("40000.00"))]

        assert at("2028-06-29", changes)[:2] == (2, "valid")


class TestPointsThatFellAndCameBack:
    def test_leave_no_trace_within_validity(self) -> None:
        changes = [*constant("50000"), (date(2026, 5, 1), Decimal(0)), (date(2027, 5, 1), Decimal(50_000))]

        assert list(follow(Term(2, RATED), changes, VALID_TO, RULES)) == []


def _day_by_day(term: Term, changes: list[tuple[date, Decimal]], until: date) -> Term:
    """CL-2 once more, one day after the other."""
    star, rated, state, points = term.star, term.rated_on, "valid", Decimal(0)
    day = min(term.rated_on, changes[0][0])
    while day <= until:
        for since, value in changes:
            if since == day:
                points = value
        if day >= term.rated_on:
            reached, age = star_of(points, RULES), (day - rated).days
            if reached > star or (state == "maintenance" and reached == star):
                star, rated, state = reached, day, "valid"
            elif state == "valid" and age == 730:
                if reached == star:
                    rated = day
                else:
                    state = "maintenance"
            elif state == "maintenance" and age == 910:
                star, rated, state = reached, day, "valid"
        day += timedelta(days=1)
    return Term(star, rated, state)  # type: ignore[arg-type]


HISTORIES = st.lists(
    st.tuples(st.integers(1, 400), st.sampled_from(["0", "4000", "39999.99", "40000", "100000", "700000"])),
    max_size=10,
)


class TestAnyHistory:
    @given(HISTORIES, st.integers(0, 5), st.integers(0, 3000))
    def test_agrees_with_living_through_it_day_by_day(
        self, steps: list[tuple[int, str]], star: int, days: int
    ) -> None:
        days_on = accumulate(step for step, _points in steps)
        changes = [(RATED, RULES.thresholds[star - 1] if star else Decimal(0))]
        changes += [
            (RATED + timedelta(days=n), Decimal(points))
            for n, (_step, points) in zip(days_on, steps, strict=True)
        ]
        until = RATED + timedelta(days=days)
        found = standing(Term(star, RATED), changes, until, RULES)
        expected = _day_by_day(Term(star, RATED), changes, until)

        assert (found.star, found.rated_on, found.state) == (expected.star, expected.rated_on, expected.state)
