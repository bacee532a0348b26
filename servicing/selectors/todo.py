"""What waits for a person, what they finished, what they set going: section by section, one query each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm import rights
from crm.models import BulkRun, CalendarDraft, LogEntry, User
from servicing import access
from servicing.models import Commitment, CommitmentEvent, StandardDraft, Ticket
from servicing.models.commitment import EventKind, State
from servicing.models.ticket import TicketState
from servicing.selectors.promises import link

SHOWN = 10
RUNNING = (State.OPEN, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: what it is, where it is worked on, a word beside it, and the moment that counts for it."""

    title: str
    url: str
    word: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind, the first of them; `whole` is the list that holds them all, where there is one."""

    title: str | Promise
    when: str | Promise
    items: list[Item]
    more: bool = False
    whole: str = ""


def waiting(user: User, *, now: datetime) -> list[Section]:
    """This function will list what waits for the person: promises, tickets without a clock, reminders, drafts to confirm."""
    promises = access.own_commitments(user).filter(state__in=RUNNING, starts_at__lte=now)
    tickets = access.own_tickets(user).filter(state__in=(TicketState.RECEIVED, TicketState.WAITING))
    urged = CommitmentEvent.objects.filter(
        kind=EventKind.URGED, commitment__in=access.own_commitments(user), commitment__state__in=RUNNING
    ).select_related("by", *(f"commitment__{one}" for one in ("customer", "ticket", "ticket_ceiling")))
    return [
        _section(
            _("我负责的承诺"),
            _("到期"),
            promises.select_related("customer", "ticket", "ticket_ceiling").order_by(
                F("due_at").asc(nulls_last=True), "pk"
            ),
            lambda row: Item(row.title, link(row), row.customer.shown_name, row.due_at),
            reverse("servicing:promise-list") + "?scope=mine",
        ),
        _section(
            _("我经办的工单"),
            _("受理"),
            tickets.select_related("customer").order_by("received_at", "pk"),
            lambda row: Item(row.subject, _ticket(row.number), row.customer.shown_name, row.received_at),
            reverse("servicing:ticket-list") + "?scope=mine",
        ),
        _section(
            _("催办过我的"),
            _("催办"),
            urged.order_by("-at", "-pk"),
            lambda row: Item(
                row.commitment.title,
                link(row.commitment),
                f"{_name(row.by)}：{row.detail.get('reason', '')}",
                row.at,
            ),
        ),
        *_to_confirm(user),
    ]


def _to_confirm(user: User) -> list[Section]:
    """What another person proposed and this one may decide; nobody confirms their own."""
    found = []
    if rights.may(user, "standard_publish"):
        found.append(_standards(_("等我确认的服务标准"), StandardDraft.objects.exclude(submitted_by=user)))
    if rights.may(user, "calendar_publish"):
        found.append(_calendars(_("等我确认的放假通知"), CalendarDraft.objects.exclude(submitted_by=user)))
    return found


def finished(user: User) -> list[Section]:
    """This function will list what the person finished, the latest first."""
    kept = Commitment.objects.filter(owner=user, state=State.FULFILLED)
    closed = Ticket.objects.filter(closed_by=user)
    return [
        _section(
            _("办结的承诺"),
            _("办结"),
            kept.select_related("customer", "ticket", "ticket_ceiling").order_by("-fulfilled_at", "-pk"),
            lambda row: Item(row.title, link(row), row.customer.shown_name, row.fulfilled_at),
            reverse("servicing:promise-list") + "?state=kept&scope=mine",
        ),
        _section(
            _("办结和撤回的工单"),
            _("结束"),
            closed.select_related("customer").order_by("-closed_at", "-pk"),
            lambda row: Item(row.subject, _ticket(row.number), row.customer.shown_name, row.closed_at),
        ),
    ]


def begun(user: User) -> list[Section]:
    """This function will list what the person set going: tickets taken in, reminders, proposals, acts on many rows."""
    opened = LogEntry.objects.filter(by=user, action="servicing.ticket.opened").select_related("customer")
    urges = CommitmentEvent.objects.filter(kind=EventKind.URGED, by=user).select_related(
        *(f"commitment__{one}" for one in ("owner", "ticket", "ticket_ceiling"))
    )
    found = [
        _section(
            _("我受理的工单"),
            _("受理"),
            opened.order_by("-at", "-pk"),
            lambda row: Item(
                row.subject.partition(":")[2],
                _ticket(row.subject.partition(":")[2]),
                row.customer.shown_name if row.customer else "",
                row.at,
            ),
        ),
        _section(
            _("我发出的催办"),
            _("催办"),
            urges.order_by("-at", "-pk"),
            lambda row: Item(row.commitment.title, link(row.commitment), row.commitment.owner.name, row.at),
        ),
        _section(
            _("我的批量办理"),
            _("开始"),
            BulkRun.objects.filter(by=user).order_by("-begun_at", "-pk"),
            lambda row: Item(row.number[:8], reverse("crm:bulk-detail", args=[row.number]), "", row.begun_at),
        ),
    ]
    if rights.may(user, "standard_publish"):
        found.append(_standards(_("我提交的服务标准"), StandardDraft.objects.filter(submitted_by=user)))
    if rights.may(user, "calendar_publish"):
        found.append(_calendars(_("我提交的放假通知"), CalendarDraft.objects.filter(submitted_by=user)))
    return found


def _standards(title: str | Promise, rows: Any) -> Section:
    waits = rows.filter(decision="").select_related("submitted_by").order_by("submitted_at", "pk")
    return _section(
        title,
        _("提交"),
        waits,
        lambda row: Item(
            row.code,
            reverse("servicing:standard-draft", args=[row.pk]),
            row.submitted_by.name,
            row.submitted_at,
        ),
    )


def _calendars(title: str | Promise, rows: Any) -> Section:
    waits = rows.filter(decision="").select_related("submitted_by").order_by("submitted_at", "pk")
    return _section(
        title,
        _("提交"),
        waits,
        lambda row: Item(
            str(row.year),
            reverse("crm:calendar-draft", args=[row.pk]),
            row.submitted_by.name,
            row.submitted_at,
        ),
    )


def _section(title: Any, when: Any, rows: Any, dress: Any, whole: str = "") -> Section:
    found: Iterable[Any] = list(rows[: SHOWN + 1])
    items = [dress(row) for row in islice(found, SHOWN)]
    return Section(title, when, items, more=len(list(found)) > SHOWN, whole=whole)


def _ticket(number: str) -> str:
    return reverse("servicing:ticket-detail", args=[number])


def _name(user: User | None) -> str:
    return user.name if user else ""
