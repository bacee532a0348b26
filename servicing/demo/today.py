"""The work that lies on every desk of the demo now: overdue, due today, this week, waiting for papers."""

from datetime import timedelta

from crm.models import User
from crm.models.staff import Role
from servicing.demo import openings
from servicing.demo.openings import Opening
from servicing.demo.stage import Scenery
from servicing.models import Ticket
from servicing.services import tickets

DESKS = {
    Role.ACCOUNT_MANAGER: (
        "overdue",
        "today",
        "today",
        "tomorrow",
        "week",
        "week",
        "later",
        "paused",
        "done",
    ),
    Role.SERVICE_AGENT: (
        "overdue",
        "overdue",
        "today",
        "today",
        "tomorrow",
        "week",
        "later",
        "paused",
        "done",
    ),
    Role.CLAIMS_HANDLER: ("overdue", "today", "tomorrow", "week", "week", "paused"),
    Role.BRANCH_MANAGER: ("today", "week"),
    Role.HEAD_OFFICE: ("today", "week"),
}
# the logins that visitors use have more to do
TWICE = ("lin", "qin")
LATER_PLACES = {
    "done": ("tomorrow", "week"),
    "today": ("tomorrow", "week"),
    "tomorrow": ("week", "later"),
    "week": ("later", "tomorrow"),
}


def lay_out(scenery: Scenery) -> None:
    """This function will open tickets for everybody, so that each desk shows every group."""
    found = openings.find(scenery)
    for role, places in DESKS.items():
        for person in scenery.keepers(role):
            for place in places * (2 if person.username in TWICE else 1):
                _open_one(scenery, person, place, found)


def _open_one(scenery: Scenery, person: User, place: str, found: dict[str, list[Opening]]) -> Ticket | None:
    """This function will open one ticket; where no request falls due there, the nearest later group takes it."""
    if place == "paused":
        wanted = _pausable(found)
    else:
        wanted = next((found[p] for p in (place, *LATER_PLACES.get(place, ())) if found[p]), [])
    fitting = [o for o in wanted if scenery.pool(person, vip=o.vip)]
    if not fitting:
        return None
    # drawn by kind first, because some kinds fall due at a place far more often than others
    kind = scenery.dice.choice(sorted({o.wish.kind for o in fitting}))
    opening = scenery.dice.choice([o for o in fitting if o.wish.kind == kind])
    ticket = receive(scenery, opening, person)
    if place == "paused":
        asked_at = min(opening.received_at + timedelta(hours=2), scenery.now)
        tickets.ask_papers(ticket=ticket, papers=list(opening.wish.papers), by=person, now=asked_at)
    elif place == "done":
        _finish(scenery, ticket, opening, person)
    elif scenery.dice.random() < 0.3:
        at = min(opening.received_at + timedelta(minutes=15), scenery.now)
        tickets.note(ticket=ticket, body="已电话联系客户，确认了要办的内容。", by=person, now=at)
    return ticket


def _finish(scenery: Scenery, ticket: Ticket, opening: Opening, person: User) -> None:
    """This function will answer and close a ticket within the last hours of today."""
    at = scenery.now - timedelta(minutes=scenery.dice.randrange(5, 15))
    tickets.reply(ticket=ticket, body=opening.wish.answer, by=person, now=at)
    reference = f"PZ{at:%y%m%d}{ticket.pk:05d}"
    tickets.close(ticket=ticket, summary=opening.wish.closing, by=person, now=at, reference=reference)


def receive(scenery: Scenery, opening: Opening, owner: User) -> Ticket:
    """This function will take a request in, at the moment at which it came."""
    customer = scenery.dice.choice(scenery.pool(owner, vip=opening.vip))
    wish = opening.wish
    return tickets.open_ticket(
        customer=customer,
        kind=wish.kind,
        change_type=wish.change_type,
        channel=wish.channel,
        subject=wish.subject,
        body=wish.body,
        received_at=opening.received_at,
        contact=customer.contacts.order_by("pk").first(),
        policy=customer.policies.order_by("pk").first() if wish.kind == "change" else None,
        owner=owner,
        by=scenery.intake(customer),
        now=opening.received_at,
    )


def _pausable(found: dict[str, list[Opening]]) -> list[Opening]:
    coming = [*found["tomorrow"], *found["week"], *found["later"]]
    return [o for o in coming if o.wish.kind == "request" or (o.wish.kind == "complaint" and o.vip)]
