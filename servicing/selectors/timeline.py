"""What the promise floor tells on a customer's timeline: tickets taken in, and how promises began and ended."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from crm.models import Customer, User
from crm.timeline import TimelineItem
from servicing.models import CommitmentEvent, Ticket
from servicing.models.commitment import EventKind
from servicing.wording import event_words

TOLD = (EventKind.OPENED, EventKind.BROKEN, EventKind.FULFILLED, EventKind.CANCELLED)


def tickets_of(customer: Customer) -> QuerySet[Ticket]:
    """This function will list a customer's tickets with who works on them."""
    return customer.tickets.select_related("owner")


def ticket_item(row: Ticket, _user: User, _now: datetime) -> TimelineItem:
    """This function will read a ticket by its subject and where it stands."""
    return TimelineItem(
        title=f"{row.get_kind_display()}：{row.subject}",
        who=row.owner.name,
        aside=f"{row.number} · {row.get_channel_display()} · {row.get_state_display()}",
        url=reverse("servicing:ticket-detail", args=[row.number]),
        event=False,
    )


def promise_events_of(customer: Customer) -> QuerySet[CommitmentEvent]:
    """This function will list how a customer's promises began, broke and ended."""
    events = CommitmentEvent.objects.filter(commitment__customer=customer, kind__in=TOLD)
    return events.select_related("commitment__owner", "by")


def promise_item(row: CommitmentEvent, _user: User, _now: datetime) -> TimelineItem:
    """This function will read an event of a promise, leading to its receipt."""
    promise = row.commitment
    return TimelineItem(
        title=f"{row.get_kind_display()}：{promise.title}",
        text=event_words(row.kind, row.detail, row.alarm),
        who=row.by.name if row.by else "",
        url=reverse("servicing:commitment-receipt", args=[promise.pk]),
    )
