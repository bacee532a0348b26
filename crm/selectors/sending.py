"""Reading how sending goes: dead letters by cause, a message's tries and receipts, how the providers fare."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from crm.models import Attempt, Customer, Message, Occurrence, ProviderState, Receipt
from crm.models.job import OccurrenceState
from crm.models.message import MessageClass, MessageState

DEAD = Q(state=MessageState.FAILED) | Q(state=MessageState.UNKNOWN, next_try_at__isnull=True)
MOST_CAUSES = 50


@dataclass(frozen=True, slots=True)
class Cause:
    """Dead letters that have the same end and the same reason."""

    state: str
    channel: str
    reason: str
    count: int
    oldest: datetime
    open: int


@dataclass(frozen=True, slots=True)
class Sending:
    """How sending fares, in figures that can be watched."""

    unknown: int
    dead: int
    resting: tuple[str, ...]
    missed: dict[str, int]


def dead(customers: QuerySet[Customer]) -> QuerySet[Message]:
    """This function will list the messages to these customers that wait for a person."""
    return Message.objects.filter(DEAD, customer__in=customers)


def of_cause(found: QuerySet[Message], *, state: str, channel: str, reason: str) -> QuerySet[Message]:
    """This function will narrow dead letters to one cause, whatever is asked for."""
    return found.filter(state=state, channel=channel, reason=reason)


def causes(found: QuerySet[Message], *, now: datetime) -> list[Cause]:
    """This function will count dead letters by cause, the most frequent first; one query."""
    open_still = Count("pk", filter=Q(not_after__isnull=True) | Q(not_after__gte=now))
    rows = found.values("state", "channel", "reason").annotate(
        count=Count("pk"), oldest=Min("created_at"), open=open_still
    )
    return [Cause(**row) for row in rows.order_by("-count", "reason")[:MOST_CAUSES]]


def tries(message: Message) -> list[Attempt]:
    """This function will list the tries of a message, as they came."""
    return list(message.tries.order_by("pk"))


def receipts(message: Message) -> list[Receipt]:
    """This function will list the reports on a message, as they came."""
    return list(message.receipts.order_by("pk"))


def providers() -> list[ProviderState]:
    """This function will list the providers that were ever troubled or reported something."""
    return list(ProviderState.objects.order_by("name"))


def figures(*, now: datetime, days: int = 1) -> Sending:
    """This function will give what is watched: messages that nobody knows of, dead letters, providers that rest,
    and what was missed by kind within so many days; four queries."""
    customers = Message.objects.exclude(message_class=MessageClass.STAFF)
    since = now - timedelta(days=days)
    missed = (
        Occurrence.objects.filter(state=OccurrenceState.MISSED, settled_at__gte=since)
        .values_list("kind")
        .annotate(count=Count("pk"))
    )
    late = customers.filter(state=MessageState.MISSED, settled_at__gte=since).values_list("kind")
    total = dict(missed)
    for kind, count in late.annotate(count=Count("pk")):
        total[kind] = total.get(kind, 0) + count
    return Sending(
        unknown=customers.filter(state=MessageState.UNKNOWN).count(),
        dead=customers.filter(DEAD).count(),
        resting=tuple(
            ProviderState.objects.filter(opened_at__isnull=False)
            .order_by("name")
            .values_list("name", flat=True)
        ),
        missed=total,
    )
