"""What must be true of promises and tickets at any moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.models.customer import CustomerStatus
from crm.registry import Invariant, add_invariant
from crm.selectors.invariants import missing_triggers
from servicing.clocks import ClockChoice, choose_clock
from servicing.leading import trigger_names
from servicing.models import Commitment, CommitmentEvent, Pause, Ticket
from servicing.models.commitment import EventKind, State
from servicing.models.ticket import ChangeType, TicketKind, TicketState

CHUNK = 2000
NEVER = datetime(1900, 1, 1, tzinfo=UTC)
LOOKED_AT_WITHIN = timedelta(minutes=10)
TRIGGERS = (
    "servicing_servicestandard_is_kept",
    "servicing_commitmentevent_is_kept",
    "servicing_evidence_is_kept",
    "servicing_lostevidence_is_kept",
    "servicing_commitment_breached_at_stays",
)
TICKET_COLUMNS = ("number", "kind", "change_type", "tier", "papers_complete_at")
CODES = ("promise__standard__code", "ceiling__standard__code")


def _numbers(rows: QuerySet[Commitment]) -> Iterator[object]:
    return rows.order_by("pk").values_list("pk", flat=True).iterator(CHUNK)


def _events(*kinds: EventKind) -> Exists:
    return Exists(CommitmentEvent.objects.filter(commitment=OuterRef("pk"), kind__in=kinds))


def choices(kind: str, change_type: str, tier: str) -> set[ClockChoice]:
    """This function will list what `choose_clock` may have said, whatever the flags and settings were that day."""
    simple: tuple[tuple[str, ...], ...] = ((), tuple(ChangeType.values))
    return {
        choose_clock(kind, change_type, tier, extra_large=large, simple_change_types=types)
        for large in (False, True)
        for types in simple
    }


def _clocks(_now: datetime) -> Iterator[object]:
    """Open tickets whose promises are not those of their kind and tier, unless reclassified or waiting for papers."""
    moved = CommitmentEvent.objects.filter(
        Q(commitment=OuterRef("promise")) | Q(commitment=OuterRef("ceiling")), kind=EventKind.RECLASSIFIED
    )
    rows = Ticket.objects.filter(state__in=(TicketState.RECEIVED, TicketState.WAITING))
    rows = rows.annotate(moved=Exists(moved)).order_by("pk")
    for row in rows.values(*TICKET_COLUMNS, *CODES, "moved").iterator(CHUNK):
        allowed = choices(row["kind"], row["change_type"], row["tier"])
        if row["papers_complete_at"] is None and row["kind"] in (TicketKind.ISSUE, TicketKind.CHANGE):
            allowed.add(ClockChoice(None, None))
        had = ClockChoice(row[CODES[0]], row[CODES[1]])
        same_places = {(one.company is None, one.ceiling is None) for one in allowed}
        if had not in allowed and not (row["moved"] and (had[0] is None, had[1] is None) in same_places):
            yield row["number"]


def _other_customer(_now: datetime) -> Iterator[object]:
    differs = (Q(promise__isnull=False) & ~Q(promise__customer=F("customer"))) | (
        Q(ceiling__isnull=False) & ~Q(ceiling__customer=F("customer"))
    )
    rows = Ticket.objects.filter(differs).order_by("pk")
    return rows.values_list("number", flat=True).iterator(CHUNK)


def _of_the_gone(_now: datetime) -> Iterator[object]:
    gone = (CustomerStatus.LAPSED, CustomerStatus.DECEASED)
    return _numbers(Commitment.objects.running().filter(customer__status__in=gone))


def _pauses(_now: datetime) -> Iterator[object]:
    open_pauses = Pause.objects.filter(ended_at__isnull=True).values("commitment").annotate(n=Count("pk"))
    twice = open_pauses.filter(n__gt=1).order_by("commitment")
    return (row["commitment"] for row in twice.iterator(CHUNK))


def _paused(_now: datetime) -> Iterator[object]:
    running = Exists(Pause.objects.filter(commitment=OuterRef("pk"), ended_at__isnull=True))
    rows = Commitment.objects.annotate(stands=running)
    return _numbers(
        rows.filter(Q(state=State.PAUSED, stands=False) | (~Q(state=State.PAUSED) & Q(stands=True)))
    )


def _unseen(now: datetime) -> Iterator[object]:
    return _numbers(Commitment.objects.due_for_a_look(now - LOOKED_AT_WITHIN))


def _breaches(_now: datetime) -> Iterator[object]:
    broken = Commitment.objects.filter(breached_at__isnull=False)
    return _numbers(broken.filter(Q(due_at__isnull=True) | ~Q(breached_at=F("due_at"))))


def _unwritten_breaches(_now: datetime) -> Iterator[object]:
    rows = Commitment.objects.annotate(told=_events(EventKind.BROKEN))
    return _numbers(rows.filter(breached_at__isnull=False, told=False))


def _unwritten_ends(_now: datetime) -> Iterator[object]:
    """Kept without a proof is unproven by definition; what can go missing is the word that it was done."""
    rows = Commitment.objects.annotate(told=_events(EventKind.FULFILLED))
    return _numbers(rows.filter(state=State.FULFILLED, told=False, evidence__isnull=True))


def _triggers(_now: datetime) -> Iterator[object]:
    yield from missing_triggers(*TRIGGERS, *trigger_names(connection.vendor))


def _misled(_now: datetime) -> Iterator[object]:
    promise, ceiling = Q(promise__state=State.OPEN), Q(ceiling__state=State.OPEN)
    law_first = promise & ceiling & Q(ceiling__due_at__lt=F("promise__due_at"))
    lead = Case(
        When(law_first, then="ceiling_id"),
        When(promise, then="promise_id"),
        When(ceiling, then="ceiling_id"),
        When(promise__state=State.PAUSED, then="promise_id"),
        When(ceiling__state=State.PAUSED, then="ceiling_id"),
        default=Coalesce("promise_id", "ceiling_id"),
    )
    due = Case(
        When(law_first, then="ceiling__due_at"),
        When(promise, then="promise__due_at"),
        When(ceiling, then="ceiling__due_at"),
    )
    rows = Ticket.objects.annotate(
        has=Coalesce("lead_id", 0),
        should=Coalesce(lead, 0),
        stands=Coalesce("next_due_at", NEVER),
        falls=Coalesce(due, NEVER),
    ).exclude(has=F("should"), stands=F("falls"))
    yield from rows.order_by("pk").values_list("number", flat=True).iterator(CHUNK)


for _key, _sentence, _broken in (
    ("tickets_have_their_clocks", _("在办工单的承诺与其类别和层级应得的时限一致"), _clocks),
    ("ticket_and_promise_name_one_customer", _("工单与其承诺是同一位客户"), _other_customer),
    ("nobody_gone_is_promised", _("已终止或已身故的客户没有在办承诺"), _of_the_gone),
    ("one_running_pause", _("同一承诺至多有一段未结束的暂停"), _pauses),
    ("paused_means_a_pause", _("已暂停的承诺恰有一段未结束的暂停，其余的没有"), _paused),
    ("looked_at_in_time", _("到了查看时刻的承诺十分钟内都已查看"), _unseen),
    ("a_breach_is_at_the_due_time", _("违约时刻等于到期时刻"), _breaches),
    ("a_breach_is_written", _("每次违约都有超时记录"), _unwritten_breaches),
    (
        "kept_is_proven_or_written",
        _("已办结的承诺有凭据；没有凭据的有办结记录并列为待补凭据"),
        _unwritten_ends,
    ),
    ("tickets_are_led", _("工单列表所依的承诺和最近到期与其承诺一致"), _misled),
    ("servicing_triggers", _("服务标准、承诺事件、凭据、违约和最近到期的触发器都在"), _triggers),
):
    add_invariant(Invariant(_key, _sentence, _broken))
