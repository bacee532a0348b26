"""What is promised, to whom, by when: worklists and the figures over them. Reads promises only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When

from crm.models import User
from crm.time import end_of_day, local_date
from servicing import access
from servicing.models import Commitment, Evidence
from servicing.models.commitment import State
from servicing.selectors.ordering import by_due

GROUPS = ("overdue", "today", "tomorrow", "week", "later", "paused")


def listed(rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """This function will join what a promise row shows, so that a list asks one query."""
    return rows.select_related(
        "standard", "customer", "owner", "branch", "ticket", "ticket_ceiling"
    ).annotate(proven=Exists(Evidence.objects.filter(commitment=OuterRef("pk"), lost__isnull=True)))


def worklist(user: User, *, mine: bool, now: datetime) -> QuerySet[Commitment]:
    """This function will return the running promises whose window has begun, nearest due first, paused last."""
    rows = access.own_commitments(user) if mine else access.visible_commitments(user)
    started = rows.filter(state__in=(State.OPEN, State.PAUSED), starts_at__lte=now)
    return started.order_by(by_due(user, "due_at"), "pk")


def group_filter(group: str, now: datetime) -> Q:
    """This function will return the condition of one group of the worklist; an unknown group raises KeyError."""
    today = end_of_day(local_date(now))
    tomorrow, week = today + timedelta(days=1), today + timedelta(days=7)
    return {
        "overdue": Q(due_at__lt=now),
        "today": Q(due_at__gte=now, due_at__lte=today),
        "tomorrow": Q(due_at__gt=today, due_at__lte=tomorrow),
        "week": Q(due_at__gt=tomorrow, due_at__lte=week),
        "later": Q(due_at__gt=week),
        "paused": Q(state=State.PAUSED),
    }[group]


@dataclass(frozen=True, slots=True)
class Load:
    """How many running promises stand in each group of the worklist, and how many were done today."""

    overdue: int
    today: int
    tomorrow: int
    week: int
    later: int
    paused: int
    done_today: int

    @property
    def running(self) -> int:
        """This function will add up what is still to be done."""
        return self.overdue + self.today + self.tomorrow + self.week + self.later + self.paused


def load_of(user: User, *, mine: bool, now: datetime) -> Load:
    """This function will count the groups of the worklist and what was done today; two queries."""
    rows = access.own_commitments(user) if mine else access.visible_commitments(user)
    running = rows.filter(state__in=(State.OPEN, State.PAUSED), starts_at__lte=now)
    midnight = end_of_day(local_date(now)) - timedelta(days=1)
    # two queries, each answered from an index of its own: never the promises of all years
    counts = running.aggregate(**{one: Count("pk", filter=group_filter(one, now)) for one in GROUPS})
    done = rows.filter(state=State.FULFILLED, fulfilled_at__gt=midnight)
    return Load(**counts, done_today=done.count())


def of_customer(customer_pk: int) -> QuerySet[Commitment]:
    """This function will return a customer's promises, running ones first by due time, then the latest closed."""
    rows = Commitment.objects.filter(customer_id=customer_pk)
    running = Case(When(state__in=(State.OPEN, State.PAUSED), then=0), default=1)
    return rows.order_by(running, F("due_at").asc(nulls_last=True), "pk")


def of_reference(reference: str) -> list[Commitment]:
    """This function will find promises by their ticket's number, the company's first, or one by its own number."""
    wanted = Q(occasion=f"ticket:{reference}")
    if reference.isascii() and reference.isdigit():
        wanted |= Q(pk=int(reference))
    return list(listed(Commitment.objects.filter(wanted)).order_by("standard__authority", "pk"))


def result(row: Commitment) -> str:
    """This function will say `kept`, `broken`, `unproven`, or an empty string while the promise runs or is cancelled.

    Rows from `listed` answer without a query (rulebook X-20, X-21).
    """
    if row.state != State.FULFILLED:
        return ""
    if row.breached_at:
        return "broken"
    proven = getattr(row, "proven", None)
    if proven is None:
        proven = Evidence.objects.filter(commitment=row, lost__isnull=True).exists()
    return "kept" if proven else "unproven"


def oldest_unseen(now: datetime) -> datetime | None:
    """This function will say since when the oldest promise has been due for a look; one query by index."""
    due = Commitment.objects.due_for_a_look(now).order_by("look_again_at")
    return due.values_list("look_again_at", flat=True).first()
