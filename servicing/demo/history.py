"""The half year before: tickets that were answered and closed, most of them in time."""

from datetime import datetime, timedelta

from crm.models import Customer
from servicing.demo.stage import VIP, Scenery
from servicing.demo.wishes import WISHES, Wish
from servicing.models import Ticket
from servicing.selectors.tickets import lead_of
from servicing.services import tickets

OLDEST, NEWEST = 180, 14
A_TICKET_PER = 5  # customers
UNPROVEN, LATE, PAUSED, WITHDRAWN = 0.04, 0.09, 0.06, 0.03


def play(scenery: Scenery) -> None:
    """This function will play closed tickets, one for every few customers."""
    for n in range(len(scenery.customers) // A_TICKET_PER):
        customer = scenery.dice.choice(scenery.customers)
        day = scenery.today - timedelta(days=scenery.dice.randrange(NEWEST, OLDEST))
        received_at = scenery.moment(scenery.calendar.on_or_after(day))
        _play_one(scenery, customer, _wish(scenery, customer), received_at, n)


def _wish(scenery: Scenery, customer: Customer) -> Wish:
    """This function will draw a wish; VIPs' wishes all have clocks, ordinary customers mostly ask for what has one."""
    if customer.tier_shown in VIP:
        return scenery.dice.choice(WISHES)
    clocked = [wish for wish in WISHES if wish.kind not in {"enquiry", "money_in", "money_out"}]
    return scenery.dice.choice(clocked if scenery.dice.random() < 0.9 else WISHES)


def _play_one(scenery: Scenery, customer: Customer, wish: Wish, received_at: datetime, n: int) -> None:
    owner = customer.owner
    ticket = tickets.open_ticket(
        customer=customer,
        kind=wish.kind,
        change_type=wish.change_type,
        channel=wish.channel,
        subject=wish.subject,
        body=wish.body,
        received_at=received_at,
        owner=owner,
        by=scenery.intake(customer),
        now=received_at,
    )
    luck = scenery.dice.random()
    if luck < WITHDRAWN:
        later = received_at + timedelta(hours=1)
        tickets.withdraw(ticket=ticket, reason="客户来电表示不再办理", by=owner, now=later)
        return
    at = _closing(scenery, ticket, received_at, late=luck > 1 - LATE)
    if luck < WITHDRAWN + PAUSED and wish.kind == "request":
        ticket, at = _wait(scenery, ticket, wish, received_at)
    answered_at = received_at + (at - received_at) * 0.6
    tickets.reply(ticket=ticket, body=wish.answer, by=owner, now=answered_at)
    reference = "" if scenery.dice.random() < UNPROVEN else f"PZ{at:%y%m%d}{n:04d}"
    tickets.close(ticket=ticket, summary=wish.closing, by=owner, now=at, reference=reference)


def _closing(scenery: Scenery, ticket: Ticket, received_at: datetime, *, late: bool) -> datetime:
    """This function will pick when a ticket was closed: before its due time, or some hours after it."""
    lead = lead_of(ticket)
    due_at = (lead.due_at if lead else None) or received_at + timedelta(days=2)
    if late and due_at + timedelta(days=3) < scenery.now:
        return due_at + timedelta(hours=10, minutes=scenery.dice.randrange(2000))
    share = 0.15 + 0.75 * scenery.dice.random()
    return min(received_at + (due_at - received_at) * share, scenery.now)


def _wait(scenery: Scenery, ticket: Ticket, wish: Wish, received_at: datetime) -> tuple[Ticket, datetime]:
    asked_at = received_at + timedelta(hours=1)
    arrived_at = asked_at + timedelta(days=2, minutes=scenery.dice.randrange(300))
    ticket = tickets.ask_papers(ticket=ticket, papers=list(wish.papers), by=ticket.owner, now=asked_at)
    ticket = tickets.papers_arrived(ticket=ticket, by=ticket.owner, now=arrived_at)
    return ticket, arrived_at + timedelta(hours=3)
