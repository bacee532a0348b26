"""Which level a customer held when."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import crm as make
from tests.factories.tiers import give_tier
from tiers import selectors

pytestmark = pytest.mark.django_db
VIP = "group_vip"


class TestALevelFromJanuaryToJuly:
    """Gold from 1 January (included) to 1 July (excluded)."""

    @pytest.mark.parametrize(
        ("day", "level"),
        [
            (date(2025, 12, 31), "ordinary"),
            (date(2026, 1, 1), "gold"),
            (date(2026, 6, 30), "gold"),
            (date(2026, 7, 1), "ordinary"),
        ],
    )
    def test_holds_on_its_first_day_and_not_on_its_last(self, day: date, level: str) -> None:
        """Periods are half-open."""
        customer = make.customer()
        give_tier(customer, "gold", date(2026, 1, 1), until=date(2026, 7, 1))
        assert selectors.tier_of(customer, VIP, day) == level

    def test_is_asked_by_the_day_in_shanghai(self) -> None:
        """An hour before midnight UTC it is already the next day here."""
        customer = make.customer()
        give_tier(customer, "gold", date(2026, 1, 1))
        assert selectors.tier_of(customer, VIP, datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == "ordinary"
        assert selectors.tier_of(customer, VIP, datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == "gold"

    def test_of_another_scheme_is_another_matter(self) -> None:
        """Schemes do not mix."""
        customer = make.customer()
        give_tier(customer, "gold")
        assert selectors.tier_of(customer, "broker_star", date(2026, 3, 1)) == "ordinary"


class TestManyCustomers:
    """Asked at once."""

    def test_take_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        """However many they are."""
        people = [make.customer(f"公司{i}") for i in range(4)]
        give_tier(people[0], "gold")
        give_tier(people[1], "silver")
        with django_assert_num_queries(1):
            levels = selectors.tiers_of(people, VIP, date(2026, 3, 1))
        assert [levels[c.pk] for c in people] == ["gold", "silver", "ordinary", "ordinary"]
