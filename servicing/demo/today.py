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
    Role.ACCOUNT_MANAGER: ("overdue", "today", "today", "tomorrow", "week", "week", "later", "paused"),
    Role.SERVICE_AGENT: ("overdue", "overdue", "today", "today", "tomorrow", "week", "later", "paused"),
    Role.CLAIMS_HANDLER: ("overdue", "today", "tomorrow", "week", "week", "paused"),
    Role.BRANCH_MANAGER: ("today", "week"),
    Role.HEAD_OFFICE: ("today", "week"),
}
# the logins that visitors use have more to do
TWICE = ("lin", "qin")
LATER_PLACES = {"today": ("tomorrow", "week"), "tomorrow": ("week", "later"), "week": ("later", "tomorrow")}


def lay_out(scenery: Scenery) -> None:
    """This function will open tickets for everybody, so that each desk shows every group."""
    found = openings.find(scenery)
    for role, places in DESKS.items():
        for person in scenery.keepers(role):
            for place in places * (2 if person.username in TWICE else 1):
                _open_one(scenery, person, place, found)


def _open_one(scenery: Scenery, person: User, place: str, found: dict[str, list[Opening]]) -> Ticket | None:
    """This function will open one ticket; where no request falls due there, the nearest later group takes it."""
    wanted = (
        _pausable(found)
        if place == "paused"
        else next((found[p] for p in (place, *LATER_PLACES.get(place, ())) if found[p]), [])
    )
    # requests of the same place differ by when they came in; the kind is drawn first, so that kinds vary
    subjects = sorted(s for s in {(o.wish.subject, o.vip) for o in wanted} if scenery.pool(person, vip=s[1]))
    if not subjects:
        return None
    subject, vip = scenery.dice.choice(subjects)
    opening = scenery.dice.choice([o for o in wanted if (o.wish.subject, o.vip) == (subject, vip)])
    ticket = receive(scenery, opening, person)
    if place == "paused":
        asked_at = min(opening.received_at + timedelta(hours=2), scenery.now)
        tickets.ask_papers(ticket=ticket, papers=list(opening.wish.papers), by=person, now=asked_at)
    elif scenery.dice.random() < 0.3:
        at = min(opening.received_at + timedelta(minutes=15), scenery.now)
        tickets.note(ticket=ticket, body="已电话联系客户，确认了要办的内容。", by=person, now=at)
    return ticket


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
