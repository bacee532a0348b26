"""Counting star points of everybody and moving stars (rulebook CL-1, CL-2)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.house_rules import HouseRules
from crm.models import Customer, Policy
from crm.time import SHANGHAI
from tests.factories import crm as make
from tiers.models import StarCount, StarPoints
from tiers.rules.star_points import StarRules, points_of, star_of
from tiers.rules.star_terms import Term, standing
from tiers.selectors.stars import facts_of
from tiers.services import stars

pytestmark = pytest.mark.django_db
RULES = StarRules.of(HouseRules())
DAY = date(2026, 6, 30)


def at(day: date) -> datetime:
    return datetime.combine(day, time(1), SHANGHAI)


def life(customer: Customer, premium: str, **fields: Any) -> Policy:
    values: dict[str, Any] = {
        "line": "individual_life",
        "long_term": True,
        "premium_fen": int(Decimal(premium) * 100),
        "frequency": "annual",
        "pay_years": 10,
        "effective": date(2024, 1, 1),
        "delivered_date": date(2024, 1, 10),
        "ends": None,
    }
    return make.policy(customer, **(values | fields))


def count(day: date = DAY) -> StarCount:
    return stars.count_day(day=day, now=at(day))


def star(customer: Customer) -> StarPoints:
    return StarPoints.objects.get(customer=customer)


class TestTheFirstCount:
    def test_rates_by_points_from_that_day(self) -> None:
        customer = make.customer()
        life(customer, "40000.00")
        count()
        row = star(customer)

        assert (row.points, row.star, row.rated_on) == (Decimal("40000.000"), 2, DAY)
        assert (row.state, row.why, row.ends_on) == ("valid", "rated", DAY + timedelta(days=729))

    def test_leaves_out_who_has_no_life_policy(self) -> None:
        make.policy(make.customer())
        count()

        assert not StarPoints.objects.exists()

    def test_keeps_whose_policies_do_not_count_at_no_points(self) -> None:
        customer = make.customer()
        life(customer, "40000.00", status="terminated")
        count()

        assert (star(customer).mills, star(customer).star) == (0, 0)

    def test_of_a_day_again_changes_nothing(self) -> None:
        customer = make.customer()
        life(customer, "40000.00")
        count()
        before = StarPoints.objects.values().get(customer=customer)
        again = count()

        assert StarPoints.objects.values().get(customer=customer) == before
        assert again.moves == {}


class TestMorePoints:
    def test_raise_the_star_at_once_with_a_new_term(self) -> None:
        customer = make.customer()
        life(customer, "40000.00")
        count()
        life(customer, "60000.00", delivered_date=DAY - timedelta(days=15))

        assert count(DAY + timedelta(days=0)).moves == {}  # day 15 after delivery does not count yet
        assert count(DAY + timedelta(days=1)).moves == {"rose": 1}
        assert (star(customer).star, star(customer).rated_on) == (3, DAY + timedelta(days=1))


class TestFewerPoints:
    def test_lower_nothing_before_validity_and_maintenance_are_over(self) -> None:
        customer = make.customer()
        policy = life(customer, "40000.00")
        count()
        Policy.objects.filter(pk=policy.pk).update(premium_fen=38_000_00)
        last, kept = DAY + timedelta(days=729), DAY + timedelta(days=909)

        found = [
            (one.star, one.state, one.why)
            for one in (self._on(customer, day) for day in (last, last + _1, kept, kept + _1))
        ]
        assert found == [
            (2, "valid", "rated"),
            (2, "maintenance", "kept"),
            (2, "maintenance", "kept"),
            (1, "valid", "fell"),
        ]
        assert star(customer).changed_on == kept + _1

    def test_made_good_in_maintenance_rate_anew(self) -> None:
        customer = make.customer()
        policy = life(customer, "40000.00")
        count()
        Policy.objects.filter(pk=policy.pk).update(premium_fen=38_000_00)
        self._on(customer, DAY + timedelta(days=730))
        Policy.objects.filter(pk=policy.pk).update(premium_fen=40_000_00)
        row = self._on(customer, DAY + timedelta(days=800))

        assert (row.star, row.state, row.why, row.rated_on) == (
            2,
            "valid",
            "re_rated",
            DAY + timedelta(days=800),
        )

    def test_of_whose_policies_went_to_another_customer_are_none(self) -> None:
        customer, other = make.customer(), make.customer()
        policy = life(customer, "40000.00")
        count()
        Policy.objects.filter(pk=policy.pk).update(customer=other)
        count()

        assert star(customer).mills == 0
        assert star(other).star == 2

    @staticmethod
    def _on(customer: Customer, day: date) -> StarPoints:
        count(day)
        return star(customer)


_1 = timedelta(days=1)


class TestDaysThatWereMissed:
    def test_are_counted_one_after_the_other(self) -> None:
        customer = make.customer()
        life(customer, "40000.00", delivered_date=DAY)
        stars.count_to_date(now=at(DAY))

        assert stars.count_to_date(now=at(DAY + timedelta(days=20))) == 20
        assert star(customer).rated_on == DAY + timedelta(days=16)

    def test_are_none_twice_on_a_day(self) -> None:
        stars.count_to_date(now=at(DAY))

        assert stars.count_to_date(now=at(DAY)) == 1
        assert StarCount.objects.count() == 1


class TestACountOfManyCustomers:
    def test_agrees_with_the_rule_for_each_of_them_on_every_day(self) -> None:
        dice = Random(7)
        people = [make.customer() for _n in range(40)]
        Policy.objects.bulk_create(_policy(dice, dice.choice(people), n) for n in range(120))
        first = DAY - timedelta(days=30)
        history = {person.pk: list[tuple[date, Decimal]]() for person in people}
        facts = {
            person.pk: [facts_of(policy) for policy in Policy.objects.filter(customer=person)]
            for person in people
        }
        for day in (first + timedelta(days=n) for n in range(60)):
            count(day)
            for pk, policies in facts.items():
                history[pk].append((day, points_of(policies, day, RULES)))
        rated = StarPoints.objects.in_bulk()

        assert len(rated) > 30
        for pk, row in rated.items():
            starts = Term(star_of(history[pk][0][1], RULES), first)
            expected = standing(starts, history[pk], first + timedelta(days=59), RULES)
            assert row.points == history[pk][-1][1]
            assert (row.star, row.rated_on, row.state) == (expected.star, expected.rated_on, expected.state)

    def test_takes_as_many_statements_as_one(self) -> None:
        life(make.customer(), "40000.00")
        with CaptureQueriesContext(
            connection,
        ) as one:
            count()
        for _n in range(12):
            life(make.customer(), "40000.00")
        with CaptureQueriesContext(connection) as many:
            count(DAY + _1)

        assert len(many) == len(one)


def _policy(dice: Random, customer: Customer, number: int) -> Policy:
    effective = DAY - timedelta(days=dice.choice([5, 400, 3640, 3650, 3652, 3660]) + dice.randint(-10, 10))
    return Policy(
        number=f"S{number:06d}",
        customer=customer,
        product="终身寿险",
        line=dice.choice(["individual_life"] * 5 + ["group_life"]),
        long_term=dice.random() < 0.9,
        premium_fen=dice.choice([1, 333_33, 4_000_00, 39_999_99, 300_000_00]),
        frequency=dice.choice(["single", "annual", "half_yearly", "quarterly", "monthly"]),
        pay_years=dice.choice([None, 1, 5, 9, 10, 20]),
        effective_date=effective,
        delivered_date=dice.choice(
            [None, effective + timedelta(days=dice.randint(0, 20)), DAY - timedelta(days=20)]
        ),
        ends_date=dice.choice([None, None, max(effective, DAY + timedelta(days=dice.randint(-5, 25)))]),
        status=dice.choice(["in_force"] * 4 + ["lapsed", "terminated"]),
    )
