"""What people hold on this floor, and what goes along when a customer gets another keeper."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, F, QuerySet

from crm.models import Customer
from servicing.models import Commitment, StandardDraft, Ticket
from servicing.models.ticket import TicketState

OPEN_TICKETS = (TicketState.RECEIVED, TicketState.WAITING)


def promises(ids: Sequence[int]) -> Mapping[int, int]:
    """This function will count the running promises that each of these people owns."""
    rows = Commitment.objects.running().filter(owner_id__in=ids).order_by().values_list("owner_id")
    return dict(rows.annotate(n=Count("pk")))


def tickets(ids: Sequence[int]) -> Mapping[int, int]:
    """This function will count the open tickets that each of these people works on."""
    rows = Ticket.objects.filter(state__in=OPEN_TICKETS, owner_id__in=ids).order_by()
    return dict(rows.values_list("owner_id").annotate(n=Count("pk")))


def drafts(ids: Sequence[int]) -> Mapping[int, int]:
    """This function will count the changes of standards that each submitted and nobody decided yet."""
    rows = StandardDraft.objects.filter(submitted_by_id__in=ids, decision="").order_by()
    return dict(rows.values_list("submitted_by_id").annotate(n=Count("pk")))


def promises_of(customers: QuerySet[Customer]) -> int:
    """This function will count the running promises that these customers' own keepers owe them."""
    chosen = customers.order_by().values("pk")
    return Commitment.objects.running().filter(customer__in=chosen, owner=F("customer__owner")).count()


def tickets_of(customers: QuerySet[Customer]) -> int:
    """This function will count the open tickets of these customers that their own keepers work on."""
    chosen = customers.order_by().values("pk")
    open_ones = Ticket.objects.filter(state__in=OPEN_TICKETS, customer__in=chosen)
    return open_ones.filter(owner=F("customer__owner")).count()
