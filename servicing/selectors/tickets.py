"""Tickets as the list and the ticket's page show them. Reads only; every list costs the same few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce, Least

from crm.models import User
from servicing import access
from servicing.models import Commitment, Evidence, Ticket
from servicing.models.commitment import State
from servicing.models.ticket import TicketState
from servicing.selectors.rows import PromiseRow, rows_of
from tiers.models import Level

OPEN = "open"
RUNNING = (TicketState.RECEIVED, TicketState.WAITING)


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
    rows = joined(rows)
    if wanted.state in (OPEN, *RUNNING):
        return rows.order_by(_nearest().asc(nulls_last=True), "received_at", "pk")
    return rows.order_by("-received_at", "-pk")


def joined(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """This function will join what a ticket's row shows, so that a list asks one query."""
    return rows.select_related(
        "customer",
        "owner",
        "promise__standard",
        "promise__owner",
        "promise__branch",
        "ceiling__standard",
        "ceiling__branch",
    ).annotate(
        promise_proven=Exists(Evidence.objects.filter(commitment=OuterRef("promise"), lost__isnull=True)),
        ceiling_proven=Exists(Evidence.objects.filter(commitment=OuterRef("ceiling"), lost__isnull=True)),
    )


def of_customer(customer_pk: int) -> QuerySet[Ticket]:
    """This function will list a customer's tickets, the newest first."""
    return joined(Ticket.objects.filter(customer_id=customer_pk)).order_by("-received_at", "-pk")


def rows(tickets: Iterable[Ticket], *, now: datetime) -> list[TicketRow]:
    """This function will dress joined tickets as rows, each with the promise that is due first."""
    listed = list(tickets)
    leads = {t.pk: lead for t in listed if (lead := lead_of(t)) is not None}
    dressed = dict(zip(leads, rows_of(leads.values(), now=now), strict=True))
    return [TicketRow(ticket, dressed.get(ticket.pk)) for ticket in listed]


def lead_of(ticket: Ticket) -> Commitment | None:
    """This function will return the promise whose clock colours the ticket: the running one due first, else the company's."""
    both = [one for one in (ticket.promise, ticket.ceiling) if one is not None]
    for one, proven in ((ticket.promise, "promise_proven"), (ticket.ceiling, "ceiling_proven")):
        if one is not None and hasattr(ticket, proven):
            one.proven = getattr(ticket, proven)  # type: ignore[attr-defined]
    running = [one for one in both if one.state == State.OPEN and one.due_at is not None]
    if running:
        return min(running, key=lambda one: (one.due_at, one.pk))
    return next((one for one in both if one.state == State.PAUSED), both[0] if both else None)


def _means(text: str) -> Q:
    meaning = Q(number__icontains=text) | Q(subject__icontains=text) | Q(customer__name__icontains=text)
    if text.isascii() and text.isalpha():
        meaning |= Q(customer__name_initials__contains=text.lower())
    return meaning


def _nearest() -> Coalesce:
    """The nearer due time of what still runs; databases differ on LEAST of a NULL, so each stands in for the other."""
    promise, ceiling = _running("promise"), _running("ceiling")
    return Coalesce(Least(Coalesce(promise, ceiling), Coalesce(ceiling, promise)), promise)


def _running(clock: str) -> Case:
    return Case(When(**{f"{clock}__state": State.OPEN}, then=F(f"{clock}__due_at")))
