"""The gates of this floor: a ticket or promise of one's own branch subtree, or 404."""

from django.db.models import Q, QuerySet
from django.http import Http404

from crm.models import User
from servicing.models import Commitment, Ticket


def visible_commitments(user: User) -> QuerySet[Commitment]:
    """This function will return the promises of the person's branch subtree, and those they own."""
    return Commitment.objects.filter(Q(branch__path__startswith=user.branch.path) | Q(owner=user))


def visible_tickets(user: User) -> QuerySet[Ticket]:
    """This function will return the tickets of the person's branch subtree, and those they own."""
    return Ticket.objects.filter(Q(branch__path__startswith=user.branch.path) | Q(owner=user))


def commitment(user: User, pk: int) -> Commitment:
    """This function will return the promise, or raise Http404 where the person may not know of it."""
    row = (
        visible_commitments(user)
        .select_related("standard", "customer", "branch", "owner", "policy", "ticket", "ticket_ceiling")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    return row


def ticket(user: User, number: str) -> Ticket:
    """This function will return the ticket, or raise Http404 where the person may not know of it."""
    row = (
        visible_tickets(user)
        .select_related(
            "customer__owner", "customer__branch", "branch", "owner", "contact", "policy",
            "promise__standard", "promise__owner", "ceiling__standard", "closed_by",
        )
        .filter(number=number)
        .first()
    )  # fmt: skip
    if row is None:
        raise Http404
    return row
