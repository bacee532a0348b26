"""The rank floor's sentences about the data."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from crm.models import Customer
from crm.time import SHANGHAI
from tests.factories import crm as make
from tests.factories.damage import breaking, drop_trigger
from tests.factories.tiers import give_tier
from tests.tiers.services.test_stars import life
from tiers import invariants
from tiers.models import Assignment
from tiers.services import star_levels, stars

pytestmark = pytest.mark.django_db


class TestLevels:
    def test_that_follow_each_other_are_well(self, gold: Customer) -> None:
        give_tier(gold, "silver", date(2026, 6, 1))
        assert breaking("levels_do_not_overlap") == []

    def test_that_overlap_are_named(self, gold: Customer) -> None:
        overlap = [one for one in invariants.TRIGGERS[connection.vendor] if one.startswith("levels_")]
        for name in overlap:
            drop_trigger("tiers_assignment", name)
        assert breaking("tiers_triggers") == overlap
        later = Assignment.objects.create(
            customer=gold,
            scheme="group_vip",
            level="silver",
            active_from=date(2026, 5, 1),
            active_to=date(2026, 6, 1),
            source="测试",
        )
        assert breaking("levels_do_not_overlap") == [str(later.pk)]

    def test_are_guarded(self) -> None:
        assert breaking("tiers_triggers") == []


class TestTheLevelOnShow:
    def test_is_the_one_held(self, gold: Customer, ordinary: Customer, now: datetime) -> None:
        assert breaking("tier_shown", now) == []

    def test_that_is_another_is_named(self, gold: Customer, now: datetime) -> None:
        Customer.objects.filter(pk=gold.pk).update(tier_shown="silver")
        assert breaking("tier_shown", now) == [gold.number]

    def test_may_lag_two_hours_behind_midnight(self, ordinary: Customer) -> None:
        give_tier(ordinary, "silver", date(2026, 4, 1))
        midnight = datetime(2026, 4, 1, tzinfo=SHANGHAI)
        assert breaking("tier_shown", midnight + timedelta(hours=2, seconds=-1)) == []
        assert breaking("tier_shown", midnight + timedelta(hours=2)) == [ordinary.number]


class TestAStar:
    def test_is_the_level_in_force(self, now: datetime) -> None:
        customer = make.customer()
        life(customer, "40000.00")
        stars.count_to_date(now=now)
        later = now + invariants.SHOWN_WITHIN

        assert breaking("stars_are_levels", now) == []  # the job may still be writing
        assert breaking("stars_are_levels", later) == [customer.number]
        star_levels.write_levels(now=now)
        assert breaking("stars_are_levels", later) == []
