"""The moments of a promise's ladder under the house's rules, and its due time counted again from its row."""

from datetime import datetime
from typing import Any

from crm.time.clocks import Due, amber_at
from servicing import due as ladders
from servicing.clocks import clock_of, is_clock
from servicing.models import Commitment, ServiceStandard
from servicing.selectors.terms import Terms
from servicing.timing import due_of, rules_from_data


def recount(row: Commitment, terms: Terms) -> Due:
    """This function will count the row's due time from its trigger, its standard, its rules and its pauses."""
    return due_of(
        row.standard,
        row.triggered_at,
        calendar=terms.counting(row.standard),
        rules=rules_from_data(row.time_rules),
        pauses=row.pauses.all(),
    )


def counted_by(standard: ServiceStandard, terms: Terms) -> dict[str, Any]:
    """This function will name the calendar of a count, so that a receipt can count the same way again."""
    return {
        "calendar_version": terms.calendars.national.version,
        "calendar_branch": terms.closures_of(standard),
    }


def counted(row: Commitment, due: Due, terms: Terms, *, now: datetime) -> dict[str, Any]:
    """This function will give the fields that a new count sets on a promise that runs, the next look among them."""
    assert due.due_at is not None  # only an open pause leaves a due time unknown
    return {
        "due_at": due.due_at,
        "legal_latest": due.legal_latest,
        "provisional": due.provisional,
        **counted_by(row.standard, terms),
        "look_again_at": ladders.look_after_change(warned_at(row, due.due_at, terms), due.due_at, now),
    }


def warned_at(row: Commitment, due_at: datetime, terms: Terms) -> datetime:
    """This function will give the moment at which a promise turns amber."""
    if not is_clock(row.standard):
        return due_at - (due_at - row.starts_at) / 5
    return amber_at(
        clock_of(row.standard),
        row.triggered_at,
        due_at,
        calendar=terms.counting(row.standard),
        rules=rules_from_data(row.time_rules),
    )


def moments(row: Commitment, due_at: datetime, terms: Terms) -> tuple[ladders.Moment, ...]:
    """This function will list the moments of the promise's ladder for a due time."""
    return ladders.ladder(
        warn_at=warned_at(row, due_at, terms),
        due_at=due_at,
        calendar=terms.calendar,
        first_days=terms.rules.escalate_first_days,
        second_days=terms.rules.escalate_second_days,
    )
