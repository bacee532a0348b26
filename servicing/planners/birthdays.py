"""Whose birthday greeting leaves on which day, as plain values. Pure: people come in, planned occurrences come out.

The greeting leaves the day before the birthday at 10:00, inside the send window (rulebook X-26 to X-29).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crm.planned import Planned
from crm.time import at_time, lunar
from crm.time.birthdays import Birthday, observed_in_year
from crm.time.rules import TimeRules

KIND = "birthday_greeting"
CHANNEL = "sms"


@dataclass(frozen=True, slots=True)
class Person:
    """One person served, as far as a birthday goes."""

    contact_id: int
    customer_id: int
    birthday: Birthday


def birthday_greeted_on(day: date, rules: TimeRules) -> date:
    """This function will name the birthday whose greeting leaves on a day (X-28)."""
    return day + timedelta(days=rules.sms_lead_days)


def candidates(event: date) -> list[tuple[str, int, int]]:
    """This function will list (calendar, month, day) of everybody who may have a birthday on a date.

    It may name too many, never too few: 29 February beside its neighbours, day 30 beside a lunar day 29.
    """
    found = [("solar", event.month, event.day)]
    if (event.month, event.day) in {(2, 28), (3, 1)}:
        found.append(("solar", 2, 29))
    moon = lunar.from_solar(event)
    found.append(("lunar", moon.month, moon.day))
    if moon.day == 29:
        found.append(("lunar", moon.month, 30))
    return found


def greetings(event: date, people: Iterable[Person], rules: TimeRules) -> Iterator[Planned]:
    """This function will plan the greeting of each person whose birthday is observed on the date."""
    day = event - timedelta(days=rules.sms_lead_days)
    for person in people:
        if event not in observed_in_year(person.birthday, event.year, rules.feb29_observed):
            continue
        yield Planned(
            kind=KIND,
            subject=f"contact:{person.contact_id}",
            occasion_date=event,
            channel=CHANNEL,
            starts_at=at_time(day, max(rules.sms_hour, rules.send_from)),
            ends_at=at_time(day, rules.send_until),
            customer_id=person.customer_id,
            contact_id=person.contact_id,
        )
