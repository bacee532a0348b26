"""The job that keeps the tier on show true."""

import pytest

from crm.models import Customer
from crm.services import customers
from tests.factories import crm as make
from tests.factories.tiers import give_tier
from tiers.tasks import refresh_shown

pytestmark = pytest.mark.django_db


class TestTheRefresh:
    """Run as the schedule runs it."""

    def test_puts_right_what_is_shown_wrongly(self) -> None:
        """Twice is the same as once."""
        customer = make.customer()
        give_tier(customer, "gold")
        customers.show_tier(customer=customer, tier="silver")
        for _time in range(2):
            refresh_shown()
            assert Customer.objects.get().tier_shown == "gold"

    def test_has_nothing_to_do_in_an_empty_house(self) -> None:
        """And says nothing."""
        refresh_shown()
