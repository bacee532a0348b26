"""Sums of premiums for many customers at once, as ratings ask for them (rulebook PA-13, CL-1)."""

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from crm.models import Customer, User
from crm.selectors import premiums
from crm.selectors.premiums import Chosen, InForce, Received
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
EVERYBODY = Customer.objects.all()


@pytest.fixture
def one(lin: User) -> Customer:
    return make.customer("金海集团", owner=lin)


class TestAStretchOfDays:
    @pytest.mark.parametrize(
        ("day", "counts"),
        [
            (date(2025, 12, 31), False),
            (FIRST, True),
            (LAST, True),
            (date(2027, 1, 1), False),
        ],
    )
    def test_has_both_its_ends(self, one: Customer, day: date, counts: bool) -> None:
        make.premium(make.policy(one), 100, day)
        found = premiums.premium_between(EVERYBODY, first=FIRST, last=LAST)

        assert found == ({one.pk: Received(new_fen=100)} if counts else {})

    def test_tells_new_business_renewals_and_what_was_given_back_apart(self, one: Customer) -> None:
        policy = make.policy(one)
        make.premium(policy, 1000)
        make.premium(policy, 500, year=2)
        make.premium(policy, -70, year=2)
        received = premiums.premium_between(EVERYBODY, first=FIRST, last=LAST)[one.pk]

        assert received == Received(new_fen=1000, renewal_fen=430, given_back_fen=-70)
        assert received.fen == 1430

    def test_is_asked_once_however_many_customers_there_are(
        self, one: Customer, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for n in range(4):
            make.premium(make.policy(make.customer(f"客户{n}")), 100 + n)
        with django_assert_num_queries(1):
            found = premiums.premium_between(EVERYBODY.order_by("name"), first=FIRST, last=LAST)

        assert sorted(sums.fen for sums in found.values()) == [100, 101, 102, 103]

    def test_leaves_out_customers_who_were_not_asked_for(self, one: Customer, zhou: User) -> None:
        other = make.customer("石家庄钢铁", owner=zhou)
        for customer in (one, other):
            make.premium(make.policy(customer))

        assert set(premiums.premium_between(EVERYBODY.filter(pk=other.pk), first=FIRST, last=LAST)) == {
            other.pk
        }

    @pytest.mark.parametrize(
        ("chosen", "fen"),
        [
            (Chosen(), 111),
            (Chosen(lines=["motor"]), 10),
            (Chosen(lines=["motor", "group_life"]), 11),
            (Chosen(products=["终身寿险"]), 100),
            (Chosen(long_term=True), 100),
            (Chosen(long_term=False), 11),
            (Chosen(lines=["motor"], long_term=True), 0),
        ],
    )
    def test_counts_the_chosen_policies(self, one: Customer, chosen: Chosen, fen: int) -> None:
        make.premium(make.policy(one), 1)
        make.premium(make.policy(one, line="motor"), 10)
        make.premium(
            make.policy(one, line="individual_life", product="终身寿险", long_term=True, ends=None), 100
        )
        found = premiums.premium_between(EVERYBODY, first=FIRST, last=LAST, chosen=chosen)

        assert found.get(one.pk, Received()).fen == fen

    def test_is_told_line_by_line_and_policy_by_policy(self, one: Customer) -> None:
        life, motor = make.policy(one), make.policy(one, line="motor")
        make.premium(life, 1)
        make.premium(life, 2)
        make.premium(motor, 10)
        by_line = premiums.premium_by_line_between(EVERYBODY, first=FIRST, last=LAST)
        by_policy = premiums.premium_by_policy_between(EVERYBODY, first=FIRST, last=LAST)

        assert {key: sums.fen for key, sums in by_line.items()} == {
            (one.pk, "group_life"): 3,
            (one.pk, "motor"): 10,
        }
        assert {key: sums.fen for key, sums in by_policy.items()} == {life.pk: 3, motor.pk: 10}


class TestWhatIsInForce:
    @pytest.mark.parametrize(
        ("frequency", "annualised", "single"),
        [
            ("annual", 100, 0),
            ("half_yearly", 200, 0),
            ("quarterly", 400, 0),
            ("monthly", 1200, 0),
            ("single", 0, 100),
        ],
    )
    def test_is_annualised_by_how_often_it_is_paid(
        self, one: Customer, frequency: str, annualised: int, single: int
    ) -> None:
        make.policy(one, premium_fen=100, frequency=frequency)

        assert premiums.in_force_on(EVERYBODY, LAST) == {one.pk: InForce(1, annualised, single)}

    @pytest.mark.parametrize(
        ("day", "counts"),
        [(date(2025, 12, 31), False), (FIRST, True), (LAST, True), (date(2027, 1, 1), False)],
    )
    def test_covers_its_first_and_its_last_day(self, one: Customer, day: date, counts: bool) -> None:
        make.policy(one)

        assert bool(premiums.in_force_on(EVERYBODY, day)) is counts

    @pytest.mark.parametrize("fields", [{"status": "lapsed"}, {"status": "terminated"}])
    def test_leaves_out_what_has_ended(self, one: Customer, fields: dict[str, Any]) -> None:
        make.policy(one, **fields)

        assert premiums.in_force_on(EVERYBODY, LAST) == {}

    def test_runs_on_without_a_last_day(self, one: Customer) -> None:
        make.policy(one, ends=None)

        assert premiums.in_force_on(EVERYBODY, date(2060, 1, 1))[one.pk].policies == 1
