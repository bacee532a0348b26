"""What an outage left: everything customers were due, by kind and by where it stands now. Counted live; it sums up."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from crm.models import Customer, Message, Occurrence, Recovery
from crm.models.job import OccurrenceState
from crm.models.message import MessageClass, MessageState


class Part(StrEnum):
    """Where something that was due stands now. Everything is in exactly one of these."""

    MADE_UP = "made_up"
    MISSED = "missed"
    WAITING = "waiting"
    PERSON = "person"
    NOT_SENT = "not_sent"


OF_MESSAGE: dict[str, Part] = {
    MessageState.ACCEPTED: Part.MADE_UP,
    MessageState.DELIVERED: Part.MADE_UP,
    MessageState.MISSED: Part.MISSED,
    MessageState.PLANNED: Part.WAITING,
    MessageState.CLAIMED: Part.WAITING,
    MessageState.SUBMITTING: Part.WAITING,
    MessageState.FAILED: Part.PERSON,
    MessageState.UNKNOWN: Part.PERSON,
    MessageState.SKIPPED: Part.NOT_SENT,
    MessageState.VOIDED: Part.NOT_SENT,
}
OF_OCCURRENCE: dict[str, Part] = {
    OccurrenceState.MISSED: Part.MISSED,
    OccurrenceState.PLANNED: Part.WAITING,
    OccurrenceState.SKIPPED: Part.NOT_SENT,
}


@dataclass(slots=True)
class Line:
    """One kind: what was due, and how much of it stands where."""

    kind: str
    due: int = 0
    parts: Counter[str] = field(default_factory=Counter)


def occurrences(report: Recovery, customers: QuerySet[Customer]) -> QuerySet[Occurrence]:
    """This function will list what was due before the outage ended and had not been settled when it began."""
    left = Q(settled_at__isnull=True) | Q(settled_at__gt=report.began_at)
    return Occurrence.objects.filter(left, starts_at__lte=report.ended_at, customer__in=customers)


def single_messages(report: Recovery, customers: QuerySet[Customer]) -> QuerySet[Message]:
    """This function will list messages that belong to no occurrence, due and unsettled in the same sense."""
    left = Q(settled_at__isnull=True) | Q(settled_at__gt=report.began_at)
    left &= Q(accepted_at__isnull=True) | Q(accepted_at__gt=report.began_at)
    found = Message.objects.filter(left, not_before__lte=report.ended_at, occurrence__isnull=True)
    return found.filter(customer__in=customers).exclude(message_class=MessageClass.STAFF)


def lines(report: Recovery, customers: QuerySet[Customer]) -> list[Line]:
    """This function will count a report by kind, in two queries."""
    found: dict[str, Line] = {}
    for kind, state, message, count in _of_occurrences(report, customers):
        part = OF_MESSAGE.get(message, Part.WAITING) if message else OF_OCCURRENCE.get(state, Part.WAITING)
        _add(found, kind, part, count)
    by_kind = single_messages(report, customers).values_list("kind", "state").annotate(n=Count("pk"))
    for kind, state, count in by_kind.order_by("kind", "state"):
        _add(found, kind, OF_MESSAGE[state], count)
    return sorted(found.values(), key=lambda line: line.kind)


def _of_occurrences(
    report: Recovery, customers: QuerySet[Customer]
) -> QuerySet[Occurrence, tuple[str, str, str | None, int]]:
    by_kind = occurrences(report, customers).values_list("kind", "state", "message__state")
    return by_kind.annotate(n=Count("pk")).order_by("kind", "state", "message__state")


def _add(found: dict[str, Line], kind: str, part: str, count: int) -> None:
    line = found.setdefault(kind, Line(kind))
    line.due += count
    line.parts[part] += count


def of_part(report: Recovery, customers: QuerySet[Customer], part: str) -> QuerySet[Occurrence]:
    """This function will list the occurrences of a report that stand in one part; an unknown part lists them all."""
    states = [state for state, where in OF_MESSAGE.items() if where == part]
    own = [state for state, where in OF_OCCURRENCE.items() if where == part]
    found = occurrences(report, customers).select_related("customer", "contact", "message")
    if part in {str(one) for one in Part}:
        found = found.filter(Q(message__state__in=states) | Q(message__isnull=True, state__in=own))
    return found.order_by("starts_at", "pk")


def singles_of_part(report: Recovery, customers: QuerySet[Customer], part: str) -> QuerySet[Message]:
    """This function will list the single messages of a report that stand in one part."""
    found = single_messages(report, customers).select_related("customer", "contact")
    if part in {str(one) for one in Part}:
        found = found.filter(state__in=[state for state, where in OF_MESSAGE.items() if where == part])
    return found.order_by("not_before", "pk")


def newest(limit: int = 20) -> list[Recovery]:
    """This function will list the newest reports."""
    return list(Recovery.objects.select_related("confirmed_by").order_by("-ended_at")[:limit])
