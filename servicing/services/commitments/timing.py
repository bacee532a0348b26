"""The moments of a promise's ladder under the house's rules, and its due time counted again from its row."""

from datetime import datetime

from crm.time.clocks import Due, amber_at
from servicing import due as ladders
from servicing.clocks import clock_of, is_clock
from servicing.models import Commitment
from servicing.selectors.terms import Terms
from servicing.timing import due_of, rules_from_data


def recount(row: Commitment, terms: Terms) -> Due:
    """This function will count the row's due time from its trigger, its standard, its rules and its pauses."""
    rules = rules_from_data(row.time_rules)
    return due_of(
        row.standard, row.triggered_at, calendar=terms.calendar, rules=rules, pauses=row.pauses.all()
    )


def moments(row: Commitment, due_at: datetime, terms: Terms) -> tuple[ladders.Moment, ...]:
    """This function will list the moments of the promise's ladder for a due time."""
    if is_clock(row.standard):
        warn_at = amber_at(
            clock_of(row.standard),
            row.triggered_at,
            due_at,
            calendar=terms.calendar,
            rules=rules_from_data(row.time_rules),
        )
    else:
        warn_at = due_at - (due_at - row.starts_at) / 5
    return ladders.ladder(
        warn_at=warn_at,
        due_at=due_at,
        calendar=terms.calendar,
        first_days=terms.rules.escalate_first_days,
        second_days=terms.rules.escalate_second_days,
    )
