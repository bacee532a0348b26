"""Last week's birthday greetings: laid out, opened and accepted as they would have been. Today's are left to the tick."""

from datetime import datetime, time, timedelta
from functools import partial

from crm.models import Message
from crm.models.message import MessageState
from crm.services import contacts, messages
from crm.time import at_time
from servicing.demo.stage import Scenery
from servicing.planners.birthdays import KIND
from servicing.services import greetings

DAYS = 7
SENT_AT = time(10, 0, 30)
OPTED_OUT = 3


def play(scenery: Scenery) -> None:
    """This function will let some people opt out, and greet those whose birthdays were in the last week."""
    _opt_out(scenery)
    for back in range(DAYS, 0, -1):
        day = scenery.today - timedelta(days=back)
        sent_at = at_time(day, SENT_AT)
        greetings.plan_day(day=day)
        greetings.open_due(clock=partial(_at, sent_at))
        for message in Message.objects.filter(kind=KIND, state=MessageState.PLANNED, created_at=sent_at):
            messages.accept(
                message,
                reference=f"DEMO-{message.serial[:12]}",
                provider="file",
                at=sent_at,
                now=sent_at,
                seen={"state": MessageState.PLANNED},
            )


def _at(moment: datetime) -> datetime:
    return moment


def _opt_out(scenery: Scenery) -> None:
    people = [
        c.contacts.order_by("pk").last() for c in scenery.pool(scenery.people["lin"], vip=True)[:OPTED_OUT]
    ]
    for person in people:
        if person is not None:
            then = scenery.now - timedelta(days=30)
            contacts.opt_out(contact=person, reason="来电要求不再接收", by=None, now=then)
