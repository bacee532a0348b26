"""The gates of this floor: a ticket or promise of one's own branch subtree, or 404."""

from django.db.models import Q, QuerySet
from django.http import Http404

from crm.models import User
from servicing.models import Commitment, Ticket


def visible_commitments(user: User) -> QuerySet[Commitment]:
    """This function will return the promises of the person's branch subtree, and those they own or act for."""
    return Commitment.objects.filter(Q(branch__within_or=user.branch.path) | _own(user))


def own_commitments(user: User) -> QuerySet[Commitment]:
    """This function will return the promises that the person owns, and those of whom they stand in for today."""
    return Commitment.objects.filter(_own(user))


def visible_tickets(user: User) -> QuerySet[Ticket]:
    """This function will return the tickets of the person's branch subtree, and those they own or act for."""
    return Ticket.objects.filter(Q(branch__within_or=user.branch.path) | _own(user))


def own_tickets(user: User) -> QuerySet[Ticket]:
    """This function will return the tickets that the person works on, and those of whom they stand in for today."""
    return Ticket.objects.filter(_own(user))


def _own(user: User) -> Q:
    return Q(owner__in=(user.pk, *user.acts_for))


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
            "promise__standard", "promise__owner", "promise__customer",
            "ceiling__standard", "ceiling__owner", "ceiling__customer", "closed_by",
        )
        .filter(number=number)
        .first()
    )  # fmt: skip
    if row is None:
        raise Http404
    return row
