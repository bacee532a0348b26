"""What a calendar that is not in force yet would do to provisional promises (rulebook X-03). Nothing is written."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from crm.registry import CalendarImpact, MovedDate
from crm.time.calendar import WorkCalendar
from servicing.clocks import is_clock
from servicing.models import Commitment
from servicing.models.commitment import State
from servicing.timing import due_of, rules_from_data

SHOWN = 50
PIECE = 500


def impact(calendar: WorkCalendar) -> CalendarImpact:
    """This function will count which provisional promises a calendar would settle and move, soonest first.

    The same promises as `commitments.settle` counts again; a fixed number of queries for every 500 of them.
    """
    settled = moved = 0
    first: list[MovedDate] = []
    for date in _recounted(calendar):
        settled += 1
        if date.due != date.former:
            moved += 1
            if len(first) < SHOWN:
                first.append(date)
    return CalendarImpact(settled, moved, tuple(first))


def provisional() -> QuerySet[Commitment]:
    """This function will find the running promises whose date a missing notice leaves open, soonest first."""
    return Commitment.objects.filter(state=State.OPEN, provisional=True, breached_at__isnull=True).order_by(
        "due_at", "pk"
    )


def _recounted(calendar: WorkCalendar) -> Iterator[MovedDate]:
    rows = provisional().select_related("standard", "customer", "owner").prefetch_related("pauses")
    for row in rows.iterator(chunk_size=PIECE):
        if row.due_at is None or not is_clock(row.standard):
            continue
        rules = rules_from_data(row.time_rules)
        due = due_of(row.standard, row.triggered_at, calendar=calendar, rules=rules, pauses=row.pauses.all())
        yield MovedDate(
            title=row.title,
            customer=row.customer.shown_name,
            owner=row.owner.name,
            url=reverse("servicing:commitment-receipt", args=[row.pk]),
            former=row.due_at,
            due=due.due_at or row.due_at,
        )
