"""Finds requests whose clocks would run out when the demo needs it: yesterday, today, this week. Writes nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from crm.selectors import calendars, house_rules
from crm.time import at_time, end_of_day
from servicing.clocks import choose_clock
from servicing.demo.stage import Scenery
from servicing.demo.wishes import WISHES, Wish
from servicing.models import ServiceStandard
from servicing.selectors import standards
from servicing.timing import due_of

BACK = 24
HOURS = (time(9, 20), time(11, 5), time(14, 40), time(16, 30))
FRESH = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Opening:
    """A wish that, received at that moment from that kind of customer, falls due then."""

    wish: Wish
    vip: bool
    received_at: datetime
    due_at: datetime


def find(scenery: Scenery) -> dict[str, list[Opening]]:
    """This function will list openings by where they stand now: overdue, today, tomorrow, week, later."""
    found: dict[str, list[Opening]] = defaultdict(list)
    known: dict[str, ServiceStandard] = {}
    for wish in WISHES:
        for vip in (False, True):
            choice = choose_clock(wish.kind, wish.change_type, "silver" if vip else "ordinary")
            code = choice.company or choice.ceiling
            if code is None:
                continue
            standard = known.setdefault(code, standards.in_force(code, scenery.now))
            for opening in _moments(scenery, wish, vip, standard):
                found[_place(scenery, opening.due_at)].append(opening)
    return found


def _moments(scenery: Scenery, wish: Wish, vip: bool, standard: ServiceStandard) -> list[Opening]:
    rules = house_rules.current().time_rules(wish.channel)
    calendar = calendars.current()
    found = []
    for back in range(BACK):
        day = scenery.today - timedelta(days=back)
        for hour in HOURS:
            at = at_time(day, hour)
            if at >= scenery.now - timedelta(minutes=20):
                continue
            due = due_of(standard, at, calendar=calendar, rules=rules)
            if due.due_at is not None and due.due_at > scenery.now - FRESH:
                found.append(Opening(wish, vip, at, due.due_at))
    return found


def _place(scenery: Scenery, due_at: datetime) -> str:
    tonight = end_of_day(scenery.today)
    if due_at < scenery.now:
        return "overdue"
    if due_at <= tonight:
        return "today"
    if due_at <= tonight + timedelta(days=1):
        return "tomorrow"
    return "week" if due_at <= tonight + timedelta(days=7) else "later"
