"""Last week's birthday greetings, sent as they would have been, with an outage in between. Today's are left to the tick."""

from datetime import date, datetime, time, timedelta
from functools import partial

from crm.demo import line
from crm.services import contacts
from crm.services.tick import guards
from crm.time import at_time
from servicing.demo.stage import Scenery
from servicing.services import greetings

DAYS = 7
SENT_AT = time(10, 0, 30)
OPTED_OUT = 3
# days back on which the first message meets a dead number, or a line that does not answer
DEAD, MUTE = 6, 4
# the machine stood still from the morning of one day until late in the next morning
STILL_FROM, STILL_UNTIL = (2, time(8, 40)), (1, time(11, 30))


def play(scenery: Scenery) -> None:
    """This function will let some people opt out, and greet those whose birthdays were in the last week."""
    _opt_out(scenery)
    way = line.DemoLine()
    for back in range(DAYS, 0, -1):
        day = scenery.today - timedelta(days=back)
        greetings.plan_day(day=day)
        if back == STILL_FROM[0]:
            continue
        way.dead, way.mute = back == DEAD, back == MUTE
        sent_at = at_time(day, SENT_AT)
        if back == STILL_UNTIL[0]:
            sent_at = _come_back(scenery)
        greetings.open_due(clock=partial(_at, sent_at))
        line.deliver(sent_at, way)


def _come_back(scenery: Scenery) -> datetime:
    """The house comes back after the outage; what was due in it is reported before anything leaves."""
    began, ended = (at_time(_back(scenery, days), clock) for days, clock in (STILL_FROM, STILL_UNTIL))
    guards.against_a_flush(ended - began, now=ended)
    return ended + timedelta(minutes=1)


def _back(scenery: Scenery, days: int) -> date:
    return scenery.today - timedelta(days=days)


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
