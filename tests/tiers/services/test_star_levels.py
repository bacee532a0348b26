"""Stars as levels with a period."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.models import Customer, LogEntry, Policy
from tests.factories import crm as make
from tests.tiers.services.test_stars import DAY, at, count, life
from tiers.models import Assignment, StarPoints
from tiers.selectors import tier_of
from tiers.services import star_levels
from tiers.tasks import count_stars

pytestmark = pytest.mark.django_db
STAR = "individual_star"


def write() -> int:
    return star_levels.write_levels(now=at(DAY))


def levels(customer: Customer) -> list[tuple[str, date, date | None]]:
    rows = Assignment.objects.filter(customer=customer, scheme=STAR).order_by("active_from")
    return [(row.level, row.active_from, row.active_to) for row in rows]


@pytest.fixture
def two_stars() -> Customer:
    customer = make.customer()
    life(customer, "40000.00")
    count()
    write()
    return customer


class TestAStar:
    def test_is_a_level_from_the_day_it_was_reached(self, two_stars: Customer) -> None:
        assert levels(two_stars) == [("2", DAY, None)]
        assert tier_of(two_stars, STAR, DAY) == "2"

    def test_is_written_down_once(self, two_stars: Customer) -> None:
        assert write() == 0
        assert LogEntry.objects.filter(action="tiers.star.moved").count() == 1

    def test_that_rises_ends_the_former_level_that_day(self, two_stars: Customer) -> None:
        life(two_stars, "60000.00")
        day = DAY + timedelta(days=5)
        count(day)

        assert write() == 1
        assert levels(two_stars) == [("2", DAY, day), ("3", day, None)]
        assert tier_of(two_stars, STAR, day - timedelta(days=1)) == "2"

    def test_that_rises_twice_on_a_day_leaves_no_empty_period(self, two_stars: Customer) -> None:
        life(two_stars, "60000.00")
        count()

        assert write() == 1
        assert levels(two_stars) == [("3", DAY, None)]

    def test_that_is_lost_ends_without_a_new_level(self, two_stars: Customer) -> None:
        StarPoints.objects.update(star=0, changed_on=DAY + timedelta(days=9))

        assert write() == 1
        assert levels(two_stars) == [("2", DAY, DAY + timedelta(days=9))]
        assert write() == 0

    def test_says_what_it_rests_on(self, two_stars: Customer) -> None:
        row = Assignment.objects.get(customer=two_stars, scheme=STAR)

        assert (row.source, row.reason) == ("星点值计算", "首次评定，星点值 40000.00")

    def test_of_less_than_one_is_no_level(self) -> None:
        customer = make.customer()
        life(customer, "3999.99")
        count()

        assert write() == 0
        assert levels(customer) == []

    def test_of_a_merged_customer_is_left_alone(self) -> None:
        customer, survivor = make.customer(), make.customer()
        life(customer, "40000.00")
        count()
        Customer.objects.filter(pk=customer.pk).update(merged_into=survivor)

        assert write() == 0


class TestTheJob:
    def test_counts_and_writes_and_does_it_once(self) -> None:
        customer = make.customer()
        life(customer, "40000.00")
        for _time in range(2):
            count_stars()

        assert [level for level, _from, _to in levels(customer)] == ["2"]

    def test_goes_on_where_it_was_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(star_levels, "BATCH", 2)
        for _n in range(5):
            life(make.customer(), "40000.00")
        count()

        assert write() == 5
        assert Assignment.objects.filter(scheme=STAR).count() == 5

    def test_does_nothing_in_an_empty_house(self) -> None:
        count_stars()

        assert not Policy.objects.exists()
        assert StarPoints.objects.count() == Decimal(0)
