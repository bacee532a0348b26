"""The list of promises with its filters; the worklist of the workbench is in `commitments`."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from crm.models import User
from servicing import access
from servicing.models import Commitment
from servicing.models.commitment import State
from servicing.selectors.commitments import GROUPS, group_filter
from servicing.selectors.ordering import by_due, by_latest

RUNNING, KEPT, BROKEN, CANCELLED, ALL = "running", "kept", "broken", "cancelled", "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks of the promise list; `state` is a group of the worklist, a result, `running` or `all`."""

    text: str = ""
    state: str = RUNNING
    authority: str = ""
    mine: bool = False


def listing(user: User, wanted: Wanted, *, now: datetime) -> QuerySet[Commitment]:
    """This function will list the promises asked for: running ones by what is due first, closed ones latest first.

    A running promise is listed once its window has begun, as on the workbench.
    """
    rows = access.own_commitments(user) if wanted.mine else access.visible_commitments(user)
    rows = rows.filter(_in_state(wanted.state, now))
    if wanted.authority:
        rows = rows.filter(standard__authority=wanted.authority)
    if wanted.text:
        rows = rows.filter(_means(wanted.text.strip()))
    if wanted.state in (KEPT, BROKEN):
        return rows.order_by(by_latest(user, "fulfilled_at"), "-pk")
    if wanted.state in (CANCELLED, ALL):
        return rows.order_by(by_latest(user, "opened_at"), "-pk")
    return rows.order_by(by_due(user, "due_at"), "pk")


def visible(user: User) -> QuerySet[Commitment]:
    """This function will return every promise that the person may see, with what a list of results shows."""
    return access.visible_commitments(user).select_related("customer", "ticket", "ticket_ceiling")


def link(row: Commitment) -> str:
    """This function will say where a promise is worked on: on its ticket's page, or on its own receipt."""
    ticket = getattr(row, "ticket", None) or getattr(row, "ticket_ceiling", None)
    if ticket is not None:
        return reverse("servicing:ticket-detail", args=[ticket.number])
    return reverse("servicing:commitment-receipt", args=[row.pk])


def _in_state(state: str, now: datetime) -> Q:
    if state in GROUPS:
        running = Q(state__in=(State.OPEN, State.PAUSED), starts_at__lte=now)
        return running & group_filter(state, now)
    return {
        KEPT: Q(state=State.FULFILLED, breached_at__isnull=True),
        BROKEN: Q(state=State.FULFILLED, breached_at__isnull=False),
        CANCELLED: Q(state=State.CANCELLED),
        ALL: Q(),
    }.get(state, Q(state__in=(State.OPEN, State.PAUSED), starts_at__lte=now))


def _means(text: str) -> Q:
    meaning = (
        Q(title__icontains=text)
        | Q(customer__name__icontains=text)
        | Q(standard__rule__icontains=text)
        | Q(occasion__icontains=text)
    )
    if text.isascii() and text.isalpha():
        meaning |= Q(customer__name_initials__contains=text.lower())
    return meaning
