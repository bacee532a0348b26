"""Giving levels."""

from datetime import date

import pytest

from crm.models import Customer, LogEntry
from tests.factories import crm as make
from tests.factories.tiers import give_tier
from tiers.models import Assignment
from tiers.services import assignments
from tiers.signals import tier_changed

pytestmark = pytest.mark.django_db


def periods(customer: Customer) -> list[tuple[str, date, date | None]]:
    """This function will list a customer's levels in order."""
    rows = Assignment.objects.filter(customer=customer).order_by("active_from")
    return [(row.level, row.active_from, row.active_to) for row in rows]


class TestANewLevel:
    """While an earlier one is running."""

    def test_closes_the_running_one_on_its_first_day(self) -> None:
        """Without a gap and without an overlap."""
        customer = make.customer()
        give_tier(customer, "silver", date(2025, 1, 1))
        give_tier(customer, "gold", date(2026, 1, 1))
        assert periods(customer) == [
            ("silver", date(2025, 1, 1), date(2026, 1, 1)),
            ("gold", date(2026, 1, 1), None),
        ]

    def test_given_twice_is_given_once(self) -> None:
        """An import may run again."""
        customer = make.customer()
        first = give_tier(customer, "gold", date(2026, 1, 1))
        assert give_tier(customer, "gold", date(2026, 1, 1)) == first
        assert give_tier(customer, "gold", date(2026, 2, 1)) == first
        assert LogEntry.objects.filter(action="tiers.assignment.given").count() == 1

    def test_before_a_running_one_is_refused(self) -> None:
        """In a sentence that names the other period; nothing changes."""
        customer = make.customer("金海集团")
        give_tier(customer, "gold", date(2026, 1, 1))
        with pytest.raises(assignments.PeriodsOverlap, match="金海集团 自 2026-01-01 起"):
            give_tier(customer, "silver", date(2025, 6, 1))
        assert periods(customer) == [("gold", date(2026, 1, 1), None)]

    def test_may_fill_the_time_before(self) -> None:
        """Half-open periods touch."""
        customer = make.customer()
        give_tier(customer, "gold", date(2026, 1, 1))
        give_tier(customer, "silver", date(2025, 1, 1), until=date(2026, 1, 1))
        assert periods(customer)[0] == ("silver", date(2025, 1, 1), date(2026, 1, 1))

    def test_inside_a_closed_one_is_refused_and_leaves_the_running_one_open(self) -> None:
        """The refusal undoes the closing."""
        customer = make.customer()
        give_tier(customer, "silver", date(2025, 1, 1), until=date(2025, 7, 1))
        give_tier(customer, "gold", date(2026, 1, 1))
        with pytest.raises(assignments.PeriodsOverlap):
            give_tier(customer, "gold", date(2025, 6, 30), until=date(2025, 8, 1))
        assert periods(customer)[-1] == ("gold", date(2026, 1, 1), None)

    @pytest.mark.parametrize("level", ["platinum", "", "5"])
    def test_that_the_scheme_does_not_know_is_refused(self, level: str) -> None:
        """The group scheme has three levels."""
        with pytest.raises(assignments.LevelIsUnknown):
            give_tier(make.customer(), level)

    def test_of_no_day_is_refused(self) -> None:
        """A level lasts at least a day."""
        with pytest.raises(assignments.PeriodIsEmpty):
            give_tier(make.customer(), "gold", date(2026, 1, 1), until=date(2026, 1, 1))

    def test_tells_the_floors_above(self) -> None:
        """In the same transaction."""
        heard: list[tuple[str, date]] = []

        def hear(*, level: str, active_from: date, **_rest: object) -> None:
            heard.append((level, active_from))

        tier_changed.connect(hear)
        give_tier(make.customer(), "gold", date(2026, 1, 1))
        tier_changed.disconnect(hear)
        assert heard == [("gold", date(2026, 1, 1))]


class TestTheTierOnShow:
    """In lists."""

    def test_is_the_level_of_today(self) -> None:
        """A level of the future does not show yet."""
        customer = make.customer()
        give_tier(customer, "silver", date(2026, 1, 1))
        give_tier(customer, "gold", date(2026, 3, 11))
        customer.refresh_from_db()
        assert customer.tier_shown == "silver"

    def test_follows_when_the_day_comes(self) -> None:
        """The nightly refresh puts right what began or ended; twice is once."""
        begins, ends, stays = make.customer("甲"), make.customer("乙"), make.customer("丙")
        give_tier(begins, "gold", date(2026, 3, 11))
        give_tier(ends, "gold", date(2026, 1, 1), until=date(2026, 3, 11))
        give_tier(stays, "silver", date(2026, 1, 1))
        tomorrow = make.NOW.replace(day=11)
        assert assignments.refresh_shown(now=make.NOW) == 0
        assert assignments.refresh_shown(now=tomorrow) == 2
        assert assignments.refresh_shown(now=tomorrow) == 0
        shown = dict(Customer.objects.values_list("name", "tier_shown"))
        assert shown == {"甲": "gold", "乙": "ordinary", "丙": "silver"}
