"""Promises as the rows that every list shows: when they turn amber, which group they stand in, what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from crm.selectors import calendars
from crm.time import end_of_day, local_date
from crm.time.calendar import WorkCalendar
from crm.time.clocks import Unit, amber_at
from crm.time.closures import Calendars
from servicing.clocks import clock_of, is_clock, knows_closures
from servicing.models import Commitment, Evidence, Ticket
from servicing.models.commitment import PauseReason, State
from servicing.selectors.commitments import result
from servicing.selectors.ordering import found_first
from tiers.models import Level

GROUP_WORDS = {
    "overdue": _("超时"),
    "today": _("今天"),
    "tomorrow": _("明天"),
    "week": _("一周内"),
    "later": _("以后"),
    "paused": _("已暂停"),
}
GROUP_STATES = {"overdue": "overdue", "today": "soon", "paused": "paused"}
# what a row is drawn from; whole rows of everything joined take longer to build than to read
PROMISE = (
    *("title", "kind", "tier", "state", "triggered_at", "starts_at", "due_at", "breached_at", "fulfilled_at"),
    *("provisional", "customer", "branch", "owner", "standard"),
)
STANDARD = tuple(
    f"standard__{one}" for one in ("code", "rule", "authority", "unit", "amount", "pause_reasons")
)
PERSONS = ("customer__name", "customer__kind", "customer__tier_shown", "owner__name")
ANSWERED = ("enquiry", "complaint", "complaint_law", "request")


class Numbered(NamedTuple):
    """A ticket by its number."""

    number: str


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise as a list shows it; made from a joined row, so that no cell asks the database again."""

    promise: Commitment
    amber_at: datetime | None
    working_days: int | None

    @property
    def ticket(self) -> "Ticket | Numbered | None":
        """This function will return the ticket that the promise belongs to; of a list's row only its number is known."""
        if hasattr(self.promise, "ticket_number"):
            return Numbered(self.promise.ticket_number) if self.promise.ticket_number else None
        return getattr(self.promise, "ticket", None) or getattr(self.promise, "ticket_ceiling", None)

    @property
    def state(self) -> str:
        """This function will return the state to show: the promise's own, or `unproven` while evidence is missing."""
        return "unproven" if result(self.promise) == "unproven" else self.promise.state

    @property
    def tier_word(self) -> str:
        """This function will name the tier that the promise was made under; none where the rule knows no tiers."""
        return str(Level(self.promise.tier).label) if self.promise.tier in Level.values else ""

    @property
    def may_wait_for_papers(self) -> bool:
        """This function will say whether the promise runs and its rule lets it pause for missing papers."""
        return self.promise.state == State.OPEN and PauseReason.PAPERS in self.promise.standard.pause_reasons

    @property
    def answers(self) -> bool:
        """This function will say whether the promise is kept by an answer rather than by a completed act."""
        return self.promise.kind in ANSWERED


def read_rows(promises: Any, *, now: datetime, everywhere: Calendars | None = None) -> list[PromiseRow]:
    """This function will read a page of promises as rows, with no more than a row shows; two queries.

    One where the caller has the calendars at hand.
    """
    tickets = Ticket.objects.filter(Q(promise=OuterRef("pk")) | Q(ceiling=OuterRef("pk")))
    shown = (
        found_first(promises)
        .select_related("standard", "customer", "owner", "branch")
        .annotate(
            proven=Exists(Evidence.objects.filter(commitment=OuterRef("pk"), lost__isnull=True)),
            ticket_number=Subquery(tickets.values("number")[:1]),
        )
        .only(*PROMISE, *STANDARD, *PERSONS, "branch__path")
    )
    return rows_of(shown, now=now, everywhere=everywhere)


def rows_of(
    promises: Iterable[Commitment], *, now: datetime, everywhere: Calendars | None = None
) -> list[PromiseRow]:
    """This function will dress joined promises as rows; one small query where the caller has no calendars at hand."""
    known = everywhere or calendars.everywhere()
    return [
        _row(one, known.of(one.branch if knows_closures(one.standard) else None), now) for one in promises
    ]


def _row(promise: Commitment, calendar: WorkCalendar, now: datetime) -> PromiseRow:
    return PromiseRow(promise, _amber(promise, calendar), _working_days_to_due(promise, calendar, now))


def group_of(promise: Commitment, now: datetime) -> str:
    """This function will name the group of the worklist, as `commitments.group_filter` draws its lines."""
    if promise.due_at is None:
        return "paused"
    today = end_of_day(local_date(now))
    lines = (
        (now - timedelta(microseconds=1), "overdue"),
        (today, "today"),
        (today + timedelta(days=1), "tomorrow"),
        (today + timedelta(days=7), "week"),
    )
    return next((group for line, group in lines if promise.due_at <= line), "later")


def _amber(row: Commitment, calendar: WorkCalendar) -> datetime | None:
    if row.due_at is None or row.state != State.OPEN:
        return None
    if not is_clock(row.standard):
        return row.due_at - (row.due_at - row.starts_at) / 5
    return amber_at(clock_of(row.standard), row.triggered_at, row.due_at, calendar=calendar)


def _working_days_to_due(row: Commitment, calendar: WorkCalendar, now: datetime) -> int | None:
    """This function will count the working days from today, or from the day it ended, to the due day."""
    until = row.fulfilled_at or now
    if row.due_at is None or row.due_at < until or row.standard.unit != Unit.WORKING_DAYS:
        return None
    return calendar.working_days_between(local_date(until), local_date(row.due_at))
