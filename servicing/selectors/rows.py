"""Promises as the rows that every list shows: when they turn amber, which group they stand in, what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from crm.selectors import calendars
from crm.time import end_of_day, local_date
from crm.time.calendar import WorkCalendar
from crm.time.clocks import Unit, amber_at
from crm.time.closures import Calendars
from servicing.clocks import clock_of, is_clock, knows_closures
from servicing.models import Commitment, Ticket
from servicing.models.commitment import PauseReason, State
from servicing.selectors.commitments import result
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
ANSWERED = ("enquiry", "complaint", "complaint_law", "request")


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """One promise as a list shows it; made from a joined row, so that no cell asks the database again."""

    promise: Commitment
    amber_at: datetime | None
    working_days: int | None

    @property
    def ticket(self) -> Ticket | None:
        """This function will return the ticket that the promise belongs to, as its promise or its ceiling."""
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
