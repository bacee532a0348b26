"""Real rows of the promise floor for tests, made by the same services that the product uses."""

from datetime import datetime, timedelta
from itertools import count

from crm.models import Customer
from crm.time import SHANGHAI
from servicing.models import Commitment, Ticket
from servicing.selectors import standards
from servicing.services import commitments, tickets
from tests.factories.crm import NOW

_serial = count(1)


def at(text: str) -> datetime:
    """This function will read a moment on the Shanghai clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def promise(
    customer: Customer,
    code: str = "PA-18.1.3",
    *,
    triggered_at: datetime = NOW,
    now: datetime | None = None,
    occasion: str = "",
    tier: str = "silver",
) -> Commitment:
    """This function will open a promise of the customer under a standard, by default a VIP's policy change."""
    return commitments.open_clocked(
        customer=customer,
        standard=standards.in_force(code, triggered_at),
        occasion=occasion or f"test:{next(_serial)}",
        title=f"测试承诺 {code}",
        triggered_at=triggered_at,
        owner=customer.owner,
        tier=tier,
        now=now or triggered_at,
    )


def windowed(
    customer: Customer, *, starts_at: datetime = NOW, days: int = 1, now: datetime | None = None
) -> Commitment:
    """This function will open a promise with a window of its own."""
    return commitments.open_windowed(
        customer=customer,
        standard=standards.in_force("PA-18.2.7", starts_at),
        occasion=f"window:{next(_serial)}",
        title="生日问候",
        starts_at=starts_at,
        due_at=starts_at + timedelta(days=days),
        owner=customer.owner,
        tier="gold",
        now=now or starts_at,
    )


def ticket(
    customer: Customer,
    kind: str = "complaint",
    *,
    received_at: datetime = NOW,
    now: datetime | None = None,
    change_type: str = "",
    papers_complete: bool = True,
) -> Ticket:
    """This function will take in a ticket of the customer by its owner over the phone."""
    return tickets.open_ticket(
        customer=customer,
        kind=kind,
        change_type=change_type or ("beneficiary" if kind == "change" else ""),
        channel="phone",
        subject="测试工单",
        received_at=received_at,
        papers_complete=papers_complete,
        by=customer.owner,
        now=now or received_at,
    )
