"""Promises and tickets as rows of a table, wherever a page lists them. What a row says is worked out here, once a page
what all rows share; its markup is a shape (`crm/shapes.py`)."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from crm import rights
from crm.models import User
from crm.shapes import shape, words_of
from crm.templatetags.clock import clock, clock_state, state_mark
from crm.templatetags.display import tier
from crm.templatetags.lists import trails
from crm.templatetags.shelf import tier_of
from crm.words import short_instant
from servicing.models.commitment import State
from servicing.models.ticket import ChangeType, TicketKind, TicketState
from servicing.selectors.rows import PromiseRow
from servicing.selectors.tickets import TicketRow
from servicing.selectors.urging import may_urge
from tiers.models import Level

register = template.Library()


@register.simple_tag(takes_context=True)
def promise_rows(context: Context, rows: Iterable[PromiseRow], of_customer: bool = False) -> SafeString:
    """This function will draw promises as rows of a table; `of_customer` leaves the customer's column out.

    It reads `request`, `now` and `acts` of the page.
    """
    user, now, acts, trail = _asking(context), context["now"], bool(context.get("acts")), trails(context)
    lent = () if of_customer else user.acts_for
    may_work, may_transfer = rights.may(user, "ticket_work"), rights.may(user, "ticket_transfer")
    drawn = []
    for row in rows:
        promise, ticket, state = row.promise, row.ticket, row.state
        key = clock_state(promise.due_at, state, promise.breached_at, now, row.amber_at)
        running = promise.state in (State.OPEN, State.PAUSED)
        markup = shape(
            "servicing/commitments/_row.html",
            acts=acts,
            of_customer=of_customer,
            ticket=ticket is not None,
            statutory=promise.standard.authority == "statutory",
            lent=promise.owner_id in lent,
            act=_act(row) if may_work and running else "",
            waits=may_work and ticket is not None and row.may_wait_for_papers and key != "overdue",
            transfers=may_transfer and ticket is not None and running,
            urges=may_urge(user, promise, now),
        )
        drawn.append(
            markup.fill(
                key=key,
                pk=promise.pk,
                name=promise.title,
                number=ticket.number if ticket else "",
                trail=trail(promise.pk),
                rule=promise.standard.rule,
                mark=state_mark(key),
                customer=promise.customer_id,
                customer_name="" if of_customer else promise.customer.shown_name,
                tier="" if of_customer else tier_of(promise.customer),
                clock=_clock(row, now),
                owner=promise.owner.name,
            )
        )
    return mark_safe("".join(drawn))


@register.simple_tag(takes_context=True)
def ticket_rows(context: Context, rows: Iterable[TicketRow], of_customer: bool = False) -> SafeString:
    """This function will draw tickets as rows of a table; `of_customer` leaves the customer's column out.

    It reads `request`, `now` and `acts` of the page.
    """
    user, now, acts, trail = _asking(context), context["now"], bool(context.get("acts")), trails(context)
    lent = () if of_customer else user.acts_for
    kinds, changes, states = words_of(TicketKind), words_of(ChangeType), words_of(TicketState)
    tiers = words_of(Level)
    drawn = []
    for row in rows:
        ticket, key = row.ticket, _key(row, now)
        withdrawn = ticket.state == TicketState.WITHDRAWN
        markup = shape(
            "servicing/tickets/_row.html",
            acts=acts,
            of_customer=of_customer,
            changes=bool(ticket.change_type),
            due="clock" if row.lead else "papers" if row.not_started else "",
            lent=ticket.owner_id in lent,
        )
        drawn.append(
            markup.fill(
                key="none" if key == "cancelled" and not withdrawn else key,
                pk=ticket.pk,
                name=ticket.number,
                trail=trail(ticket.pk),
                mark=state_mark(key),
                subject=ticket.subject,
                kind=kinds.get(ticket.kind, ticket.kind),
                change=changes.get(ticket.change_type, ticket.change_type),
                customer=ticket.customer_id,
                customer_name="" if of_customer else ticket.customer.shown_name,
                tier="" if of_customer else tier(ticket.tier, tiers.get(ticket.tier, "")),
                clock=_clock(row.lead, now) if row.lead else "",
                state=states.get(ticket.state, ticket.state),
                owner=ticket.owner.name,
                received=short_instant(ticket.received_at),
            )
        )
    return mark_safe("".join(drawn))


def _asking(context: Context) -> User:
    user: User = context["request"].user
    return user


def _act(row: PromiseRow) -> str:
    """This function will name what the row's button does with a running promise of a ticket."""
    if row.promise.state == State.PAUSED:
        return "resume"
    return "reply" if row.answers else "close"


def _key(row: TicketRow, now: Any) -> str:
    if row.ticket.state == TicketState.WITHDRAWN:
        return "cancelled"
    if row.lead:
        promise = row.lead.promise
        return clock_state(promise.due_at, row.lead.state, promise.breached_at, now, row.lead.amber_at)
    return "scheduled" if row.not_started else "none"


def _clock(row: PromiseRow, now: Any) -> SafeString:
    promise = row.promise
    return clock(
        due_at=promise.due_at,
        state=row.state,
        breached_at=promise.breached_at,
        provisional=promise.provisional,
        now=now,
        amber_at=row.amber_at,
        working_days=row.working_days,
        closed_at=promise.fulfilled_at,
    )
