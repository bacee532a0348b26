"""Reading the outbox for pages: what went to customers, and what did not, with the reason. Never the clear address."""

from django.db.models import Q, QuerySet

from crm.models import Customer, Message, Occurrence
from crm.models.job import OccurrenceState
from crm.models.message import MessageState


def to_customers(customers: QuerySet[Customer], *, state: str = "", kind: str = "") -> QuerySet[Message]:
    """This function will list messages to the given customers, newest first; unknown filters ask for nothing."""
    found = Message.objects.filter(customer__in=customers).select_related("contact", "customer")
    if state in MessageState.values:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("-created_at", "-pk")


def without_message(customers: QuerySet[Customer]) -> QuerySet[Occurrence]:
    """This function will list what should have become a message and did not, newest first."""
    ended = Q(state__in=(OccurrenceState.SKIPPED, OccurrenceState.MISSED))
    found = Occurrence.objects.filter(ended, customer__in=customers).select_related("contact", "customer")
    return found.order_by("-settled_at", "-pk")
