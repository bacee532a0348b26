"""Tickets as the list and the ticket's page show them. Reads only; every list costs the same few queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.models import User
from servicing import access
from servicing.models import Commitment, Evidence, Ticket
from servicing.models.commitment import State
from servicing.models.ticket import TicketState
from servicing.selectors.ordering import by_due, by_latest, found_first
from servicing.selectors.rows import PERSONS, PROMISE, STANDARD, PromiseRow, rows_of
from tiers.models import Level

OPEN = "open"
RUNNING = (TicketState.RECEIVED, TicketState.WAITING)
OWN = tuple(one.name for one in Ticket._meta.concrete_fields if one.name != "body")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks of the ticket list; `state` is a ticket state, `open` for all unfinished, or empty for all."""

    text: str = ""
    kind: str = ""
    state: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket as a list shows it, with the promise whose clock comes first."""

    ticket: Ticket
    lead: PromiseRow | None

    @property
    def tier_word(self) -> str:
        """This function will name the customer's tier on the day of receipt."""
        return str(Level(self.ticket.tier).label)

    @property
    def not_started(self) -> bool:
        """This function will say whether the clock waits for the papers."""
        return self.lead is None and self.ticket.papers_complete_at is None


def listing(user: User, wanted: Wanted) -> QuerySet[Ticket]:
    """This function will list the tickets asked for: unfinished ones by what is due first, else the newest first."""
    rows = access.own_tickets(user) if wanted.mine else access.visible_tickets(user)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state == OPEN:
        rows = rows.filter(state__in=RUNNING)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.text:
        rows = rows.filter(_means(wanted.text.strip()))
    if wanted.state in (OPEN, *RUNNING):
        return rows.order_by(by_due(user, "next_due_at"), "received_at", "pk")
    return rows.order_by(by_latest(user, "received_at"), "-pk")


def _joined(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """What a ticket's row shows, and nothing more: a list asks one query, which few joins make quick to plan."""
    return (
        rows.select_related("customer", "owner", "lead__standard", "lead__branch")
        .annotate(lead_proven=Exists(Evidence.objects.filter(commitment=OuterRef("lead"), lost__isnull=True)))
        .only(*OWN, *PERSONS, *(f"lead__{one}" for one in (*PROMISE, *STANDARD, "branch__path")))
    )


def of_customer(customer_pk: int) -> QuerySet[Ticket]:
    """This function will list a customer's tickets, the newest first."""
    return Ticket.objects.filter(customer_id=customer_pk).order_by("-received_at", "-pk")


def rows(tickets: Any, *, now: datetime) -> list[TicketRow]:
    """This function will read tickets as rows, each with the promise that leads it; two queries."""
    listed = list(_joined(found_first(tickets)))
    leads = {ticket.pk: _proven(ticket) for ticket in listed if ticket.lead}
    dressed = dict(zip(leads, rows_of(leads.values(), now=now), strict=True))
    return [TicketRow(ticket, dressed.get(ticket.pk)) for ticket in listed]


def _proven(ticket: Ticket) -> Commitment:
    assert ticket.lead is not None
    ticket.lead.proven = ticket.lead_proven  # type: ignore[attr-defined]
    return ticket.lead


def lead_of(ticket: Ticket) -> Commitment | None:
    """This function will return the promise whose clock colours the ticket: the running one due first, else the company's.

    `Ticket.lead` is the same, kept for lists by the database.
    """
    both = [one for one in (ticket.promise, ticket.ceiling) if one is not None]
    running = [one for one in both if one.state == State.OPEN and one.due_at is not None]
    if running:
        return min(running, key=lambda one: (one.due_at, one.pk == ticket.ceiling_id))
    return next((one for one in both if one.state == State.PAUSED), both[0] if both else None)


def _means(text: str) -> Q:
    meaning = Q(number__icontains=text) | Q(subject__icontains=text) | Q(customer__name__icontains=text)
    if text.isascii() and text.isalpha():
        meaning |= Q(customer__name_initials__contains=text.lower())
    return meaning
