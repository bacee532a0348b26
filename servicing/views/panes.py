"""The moves that a ticket's page offers: which are legal now for this person, each with its form and its service call."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm import rights
from crm.models import User
from servicing import moves
from servicing.forms import acts as forms
from servicing.forms.acts import ActForm
from servicing.models.commitment import PauseReason, State
from servicing.models.ticket import TicketState
from servicing.selectors.desk import Desk, pause_reasons
from servicing.services import tickets
from servicing.services.commitments.pausing import is_long
from servicing.services.tickets.thread import ANSWERED_KINDS


@dataclass(frozen=True, slots=True)
class Act:
    """One move as people see it: its word and icon, the move of the table it makes, what is said afterwards."""

    word: Any
    icon: str
    move: str
    form: type[ActForm]
    button: Any
    done: Any


ACTS: dict[str, Act] = {
    "reply": Act(_("答复"), "message-reply", "reply", forms.Reply, _("保存答复"), _("答复已记录。")),
    "complete": Act(
        _("资料齐备"),
        "circle-check",
        "complete_papers",
        forms.Complete,
        _("登记资料齐备"),
        _("资料已登记为齐备。"),
    ),
    "resume": Act(_("恢复计时"), "player-play", "resume", forms.Resume, _("登记收到"), _("已登记收到。")),
    "close": Act(_("办结"), "circle-check", "close", forms.Close, _("办结工单"), _("工单已办结。")),
    "papers": Act(
        _("要求补件"), "file-text", "pause", forms.Papers, _("登记缺件并暂停"), _("缺件已登记，时限暂停。")
    ),
    "pause": Act(_("暂停"), "player-pause", "pause", forms.Pause, _("暂停时限"), _("时限已暂停。")),
    "transfer": Act(_("转派"), "transfer", "transfer", forms.Transfer, _("转派工单"), _("工单已转派。")),
    "note": Act(_("备注"), "notes", "note", forms.Note, _("保存备注"), _("备注已保存。")),
    "withdraw": Act(
        _("客户撤回"), "arrow-back-up", "withdraw", forms.Withdraw, _("撤回工单"), _("工单已撤回。")
    ),
}


@dataclass(frozen=True, slots=True)
class Pane:
    """One act on the page."""

    verb: str
    act: Act
    form: ActForm
    url: str
    token: str
    legal: bool = True


def panes_of(desk: Desk, *, user: User, now: datetime) -> list[Pane]:
    """This function will list the acts that the ticket's state, its clocks and the person's rights allow, in order."""
    return [pane(desk, verb, now=now) for verb in ACTS if may_act(desk, verb, user=user, now=now)]


def may_act(desk: Desk, verb: str, *, user: User, now: datetime) -> bool:
    """This function will say whether an act is offered; the services refuse on their own what is illegal."""
    ticket = desk.ticket
    if not rights.may(user, "ticket_transfer" if verb == "transfer" else "ticket_work"):
        return False
    if ACTS[verb].move not in moves.legal(ticket.state):
        return False
    incomplete = ticket.papers_complete_at is None
    if verb == "complete":
        return incomplete and ticket.state == TicketState.RECEIVED
    if verb == "close":
        return not incomplete and (ticket.kind not in ANSWERED_KINDS or desk.answered)
    if verb in ("papers", "pause"):
        reasons = set(pause_reasons(ticket, now=now))
        return PauseReason.PAPERS in reasons if verb == "papers" else bool(reasons - {PauseReason.PAPERS})
    return True


def pane(
    desk: Desk,
    verb: str,
    *,
    now: datetime,
    data: QueryDict | None = None,
    token: str = "",
    legal: bool = True,
) -> Pane:
    """This function will make an act's form, blank or with what was typed."""
    act, ticket = ACTS[verb], desk.ticket
    extra: dict[str, Any] = {}
    if verb == "pause":
        extra["reasons"] = pause_reasons(ticket, now=now)
    if verb == "resume":
        extra["long"] = _is_long(desk, now)
    form = act.form(data, desk=desk, **extra)
    if verb == "reply" and not _answer_counts(desk):
        del form.fields["answers"]
    url = reverse(f"servicing:ticket-{verb}", args=[ticket.number])
    return Pane(verb, act, form, url, token or str(uuid.uuid4()), legal)


def _answer_counts(desk: Desk) -> bool:
    """Whether a substantive answer would keep a promise that still runs."""
    clocks = [one.promise for one in (desk.company, desk.ceiling) if one]
    return desk.ticket.kind in ANSWERED_KINDS and any(c.state in (State.OPEN, State.PAUSED) for c in clocks)


def _is_long(desk: Desk, now: datetime) -> bool:
    """Whether the running pause has become one that a manager must approve (rulebook X-13)."""
    pauses = [one.pause for one in (desk.company, desk.ceiling) if one and one.pause]
    return any(is_long(one.started_at, now, desk.ticket.branch) for one in pauses if one.approver_id is None)


def run(pane: Pane, *, by: User, now: datetime, version: int) -> None:
    """This function will make the one service call of an act with what its valid form holds."""
    _RUN[pane.verb](pane.form, {"ticket": pane.form.desk.ticket, "by": by, "now": now}, version)


Call = Callable[[Any, dict[str, Any], int], object]


def _resume(form: forms.Resume, given: dict[str, Any], version: int) -> object:
    approver = form.cleaned_data.get("approver")
    if form.desk.ticket.papers_complete_at is None and form.all_arrived():
        return tickets.complete_papers(**given, version=version, approver=approver)
    return tickets.papers_arrived(**given, version=version, papers=form.arrived(), approver=approver)


_RUN: dict[str, Call] = {
    "reply": lambda form, given, version: tickets.reply(
        **given,
        version=version,
        body=form.cleaned_data["body"],
        answers=form.cleaned_data.get("answers", False),
    ),
    "note": lambda form, given, version: tickets.note(**given, body=form.cleaned_data["body"]),
    "complete": lambda form, given, version: tickets.complete_papers(**given, version=version),
    "papers": lambda form, given, version: tickets.ask_papers(
        **given, version=version, papers=form.names(), note=form.cleaned_data["note"]
    ),
    "pause": lambda form, given, version: tickets.pause(**given, version=version, **form.cleaned_data),
    "resume": _resume,
    "transfer": lambda form, given, version: tickets.transfer(**given, version=version, **form.cleaned_data),
    "close": lambda form, given, version: tickets.close(**given, version=version, **form.cleaned_data),
    "withdraw": lambda form, given, version: tickets.withdraw(**given, version=version, **form.cleaned_data),
}
