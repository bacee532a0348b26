"""What a ticket's page shows beside the ticket: its receipt, thread, papers, people. A fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from crm.models import Branch, Contact, User
from crm.models.staff import Role
from crm.rights import table
from crm.selectors import calendars
from crm.time import local_date
from crm.time.clocks import Due
from crm.time.closures import Calendars
from servicing import access
from servicing.clocks import is_clock
from servicing.models import Commitment, MissingPaper, Pause, Ticket, TicketEntry
from servicing.models.commitment import PauseReason, State
from servicing.selectors import tickets
from servicing.selectors.commitments import listed
from servicing.selectors.receipts import recount
from servicing.selectors.rows import PromiseRow, rows_of
from servicing.wording import limit_words

OTHERS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Clocked:
    """One promise of the ticket with the arithmetic of its due time."""

    row: PromiseRow
    due: Due | None
    pause: Pause | None

    @property
    def promise(self) -> Commitment:
        """This function will return the promise itself."""
        return self.row.promise

    @property
    def limit(self) -> str:
        """This function will say the limit in words."""
        return limit_words(self.promise.standard.unit, self.promise.standard.amount)

    @property
    def closed_on(self) -> date | None:
        """This function will return the day on which it was fulfilled."""
        return local_date(self.promise.fulfilled_at) if self.promise.fulfilled_at else None


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything around one ticket."""

    ticket: Ticket
    company: Clocked | None
    ceiling: Clocked | None
    entries: Sequence[TicketEntry]
    papers: Sequence[MissingPaper]
    contacts: Sequence[Contact]
    others: Sequence[PromiseRow]
    colleagues: Sequence[User]

    @property
    def lead(self) -> Clocked | None:
        """This function will return the clock that colours the ticket."""
        lead = tickets.lead_of(self.ticket)
        return next((one for one in (self.company, self.ceiling) if one and one.promise == lead), None)

    @property
    def ceiling_date(self) -> date | None:
        """This function will return the law's date, drawn as a tick on the company's ribbon."""
        due_at = self.ceiling.promise.due_at if self.ceiling else None
        return local_date(due_at) if due_at else None

    @property
    def missing(self) -> list[MissingPaper]:
        """This function will list the papers that have not come yet."""
        return [paper for paper in self.papers if paper.received_at is None]

    @property
    def answered(self) -> bool:
        """This function will say whether the customer has been answered."""
        return any(entry.kind == "reply" for entry in self.entries)

    @property
    def not_started(self) -> bool:
        """This function will say whether the clock waits for the papers."""
        return self.company is None and self.ceiling is None and self.ticket.papers_complete_at is None

    @property
    def approvers(self) -> list[User]:
        """This function will list who may approve a long pause."""
        roles = table()["pause_long"]["roles"]
        return [one for one in self.colleagues if one.role in roles]

    @property
    def takers(self) -> list[User]:
        """This function will list who may take the ticket over."""
        roles = table()["ticket_work"]["roles"]
        return [one for one in self.colleagues if one.role in roles and one.pk != self.ticket.owner_id]


def desk_of(ticket: Ticket, *, user: User, now: datetime) -> Desk:
    """This function will read what the ticket's page shows."""
    everywhere = calendars.everywhere()
    clocked = _clocked(ticket, now=now, everywhere=everywhere)
    return Desk(
        ticket=ticket,
        company=clocked.get(ticket.promise_id),
        ceiling=clocked.get(ticket.ceiling_id),
        entries=list(ticket.entries.select_related("by").order_by("at", "pk")),
        papers=list(ticket.missing_papers.order_by("asked_at", "pk")),
        contacts=list(ticket.customer.contacts.order_by("role", "slot")),
        others=_others(ticket, user=user, now=now, everywhere=everywhere),
        colleagues=_colleagues(ticket),
    )


def pause_reasons(ticket: Ticket, *, now: datetime) -> list[str]:
    """This function will list the reasons for which the ticket may be paused now; none once it is overdue or kept."""
    clocks = [one for one in (ticket.promise, ticket.ceiling) if one]
    running = [one for one in clocks if one.state == State.OPEN]
    if not running:
        return [] if clocks else list(PauseReason.values)
    if any(one.breached_at or (one.due_at and now > one.due_at) for one in running):
        return []
    return list(running[0].standard.pause_reasons)


def _clocked(ticket: Ticket, *, now: datetime, everywhere: Calendars) -> dict[int | None, Clocked]:
    ids = [pk for pk in (ticket.promise_id, ticket.ceiling_id) if pk]
    if not ids:
        return {}
    pauses = Prefetch("pauses", Pause.objects.order_by("started_at", "pk"))
    promises = list(listed(Commitment.objects.filter(pk__in=ids)).prefetch_related(pauses))
    return {
        row.promise.pk: Clocked(
            row,
            recount(row.promise, row.promise.pauses.all(), as_of=now, current=everywhere)
            if is_clock(row.promise.standard)
            else None,
            next((one for one in row.promise.pauses.all() if one.ended_at is None), None),
        )
        for row in rows_of(promises, now=now, everywhere=everywhere)
    }


def _others(ticket: Ticket, *, user: User, now: datetime, everywhere: Calendars) -> list[PromiseRow]:
    own = [pk for pk in (ticket.promise_id, ticket.ceiling_id) if pk]
    running = access.visible_commitments(user).filter(
        customer_id=ticket.customer_id, state__in=(State.OPEN, State.PAUSED)
    )
    nearest = listed(running.exclude(pk__in=own)).order_by("due_at", "pk")
    return rows_of(nearest[:OTHERS_SHOWN], now=now, everywhere=everywhere)


def _colleagues(ticket: Ticket) -> list[User]:
    return list(colleagues_of(ticket.branch)[:200])


def colleagues_of(branch: Branch) -> QuerySet[User]:
    """This function will list who works at a branch or below it, and the managers above it."""
    above = [int(part) for part in branch.path.strip("/").split("/")]
    managers = Q(role__in=(Role.BRANCH_MANAGER, Role.HEAD_OFFICE), branch_id__in=above)
    here = Q(branch__path__startswith=branch.path)
    people = User.objects.filter(here | managers, is_active=True).select_related("branch")
    return people.order_by("branch__path", "name", "pk")
