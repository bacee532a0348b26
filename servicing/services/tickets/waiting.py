"""What happens while a ticket waits or changes hands: missing papers, pauses, resumes, transfer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Branch, User
from crm.refusal import Refusal
from servicing import moves
from servicing.models import Commitment, MissingPaper, Ticket
from servicing.models.commitment import PauseReason, State
from servicing.models.ticket import EntryKind
from servicing.services import commitments, notices
from servicing.services.tickets import thread


class PapersUnnamed(Refusal):
    """The customer must be told once and completely which papers are missing (保险法 22)."""


@transaction.atomic
def pause(
    *,
    ticket: Ticket,
    reason: str,
    by: User,
    now: datetime,
    note: str = "",
    papers: list[str] | None = None,
    version: int | None = None,
    approver: User | None = None,
) -> Ticket:
    """This function will stop the ticket's clocks for an allowed reason and list the papers that are missing.

    Each clock is judged for itself: the company's promise must allow the reason, the law's ceiling is stopped only
    where its own rule allows the same reason, and one that is late stays late while the other may stand still.
    Raises IllegalMove, CannotBePaused, AlreadyOverdue, StaleTicket.
    """
    row = thread.change(thread.taken(ticket, version), "pause")
    paused = _to_pause(row, reason, now)
    for promise in paused:
        commitments.pause(commitment=promise, reason=reason, note=note, by=by, now=now, approver=approver)
    names = [name.strip() for name in papers or [] if name.strip()]
    running = paused[0].pauses.filter(ended_at__isnull=True).first() if paused else None
    MissingPaper.objects.bulk_create(
        MissingPaper(ticket=row, pause=running, name=name[:60], asked_at=now) for name in names
    )
    details = "；".join(filter(None, ["、".join(names), note]))
    said = str(PauseReason(reason).label) + (f"（{details}）" if details else "")
    thread.write(row, EntryKind.ACT, _("暂停：%(said)s") % {"said": said}, by=by, now=now)
    thread.log(row, "paused", by=by, now=now, reason=reason, papers=names)
    return row


def _to_pause(row: Ticket, reason: str, now: datetime) -> list[Commitment]:
    """The clocks that an act is to stop; where all are late, all of them, so that the first one refuses."""
    running = thread.promises(row)
    in_time = [one for one in running if not commitments.is_late(one, now)]
    if row.promise in in_time:
        return [one for one in in_time if one == row.promise or reason in one.standard.pause_reasons]
    return in_time or running


def ask_papers(
    *, ticket: Ticket, papers: list[str], by: User, now: datetime, note: str = "", version: int | None = None
) -> Ticket:
    """This function will tell the customer once and completely what is missing, and pause until it comes."""
    if not any(name.strip() for name in papers):
        raise PapersUnnamed(_("请一次列全缺少的材料，每行一项。"))
    return pause(ticket=ticket, reason="papers", note=note, papers=papers, by=by, now=now, version=version)


@transaction.atomic
def resume(
    *, ticket: Ticket, by: User, now: datetime, version: int | None = None, approver: User | None = None
) -> Ticket:
    """This function will let the ticket's clocks run on. Raises IllegalMove, PauseNeedsApprover, StaleTicket."""
    row = thread.change(thread.taken(ticket, version), "resume")
    resume_clocks(row, by=by, now=now, approver=approver)
    thread.write(row, EntryKind.ACT, _("恢复计时"), by=by, now=now)
    thread.log(row, "resumed", by=by, now=now)
    return row


@transaction.atomic
def papers_arrived(
    *,
    ticket: Ticket,
    by: User,
    now: datetime,
    papers: list[int] | None = None,
    version: int | None = None,
    approver: User | None = None,
) -> Ticket:
    """This function will mark papers (all of them where none are named) as received; with the last one time runs on."""
    row = thread.taken(ticket, version)
    moves.after(row.state, "resume")
    waiting = row.missing_papers.filter(received_at__isnull=True)
    arrived = waiting if papers is None else waiting.filter(pk__in=papers)
    if arrived.count() == waiting.count():
        row = resume(ticket=row, by=by, now=now, version=row.version, approver=approver)
    else:
        thread.change(row, "note")
        thread.write(row, EntryKind.ACT, _("收到部分补件"), by=by, now=now)
    arrived.update(received_at=now)
    return row


def resume_clocks(row: Ticket, *, by: User, now: datetime, approver: User | None) -> None:
    """This function will resume those of the ticket's promises that are paused."""
    for promise in thread.promises(row):
        if promise.state == State.PAUSED:
            commitments.resume(commitment=promise, by=by, now=now, approver=approver)


@transaction.atomic
def transfer(
    *,
    ticket: Ticket,
    owner: User,
    reason: str,
    by: User,
    now: datetime,
    version: int | None = None,
    branch: Branch | None = None,
    tell: bool = True,
) -> Ticket:
    """This function will give the ticket and its promises another owner, who is told; clocks run on.

    It goes to another `branch` only with its customer. `tell=False` is for callers that tell of many at once.
    """
    row = thread.taken(ticket, version)
    if owner.pk == row.owner_id:
        raise commitments.MustDiffer(_("经办人没有变化，请选择另一位。"))
    commitments.check_handover(owner, reason)
    former = row.owner
    thread.change(row, "transfer", owner=owner, **({"branch": branch} if branch else {}))
    for promise in thread.promises(row):
        if promise.owner_id != owner.pk:
            commitments.transfer(
                commitment=promise, owner=owner, reason=reason, by=by, now=now, branch=branch
            )
    thread.write(
        row,
        EntryKind.ACT,
        _("转派：%(former)s → %(owner)s。%(reason)s")
        % {"former": former.name, "owner": owner.name, "reason": reason},
        by=by,
        now=now,
    )
    if tell:
        notices.tell_of_ticket(row, [owner], body=_("有工单转派给您：%(s)s") % {"s": row.subject}, now=now)
    thread.log(row, "transferred", by=by, now=now, former=former.pk, owner=owner.pk, reason=reason)
    return row
