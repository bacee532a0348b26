"""Real rows of the rank floor for tests."""

from datetime import date, datetime

from crm.models import Customer
from tests.factories.crm import NOW
from tiers.models import Assignment
from tiers.services import assignments


def give_tier(
    customer: Customer,
    level: str = "gold",
    since: date = date(2026, 1, 1),
    *,
    until: date | None = None,
    scheme: str = "group_vip",
    now: datetime = NOW,
) -> Assignment:
    """This function will give the customer a level from a day on, until another day (excluded) if given."""
    return assignments.assign(
        customer=customer,
        scheme=scheme,
        level=level,
        active_from=since,
        active_to=until,
        source="测试",
        reason="测试",
        now=now,
    )
