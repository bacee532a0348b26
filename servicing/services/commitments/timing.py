"""The moments of a promise's ladder under the house's rules, and its due time counted again from its row."""

from datetime import datetime

from crm.selectors import house_rules
from crm.time.calendar import WorkCalendar
from crm.time.clocks import Due, amber_at
from servicing import due as ladders
from servicing.clocks import clock_of, is_clock
from servicing.models import Commitment
from servicing.timing import due_of, rules_from_data


def recount(row: Commitment, calendar: WorkCalendar) -> Due:
    """This function will count the row's due time from its trigger, its standard, its rules and its pauses."""
    rules = rules_from_data(row.time_rules)
    return due_of(row.standard, row.triggered_at, calendar=calendar, rules=rules, pauses=row.pauses.all())


def moments(row: Commitment, due_at: datetime, calendar: WorkCalendar) -> tuple[ladders.Moment, ...]:
    """This function will list the moments of the promise's ladder for a due time."""
    rules = house_rules.current()
    if is_clock(row.standard):
        warn_at = amber_at(
            clock_of(row.standard),
            row.triggered_at,
            due_at,
            calendar=calendar,
            rules=rules_from_data(row.time_rules),
        )
    else:
        warn_at = due_at - (due_at - row.starts_at) / 5
    return ladders.ladder(
        warn_at=warn_at,
        due_at=due_at,
        calendar=calendar,
        first_days=rules.escalate_first_days,
        second_days=rules.escalate_second_days,
    )
