"""How a promise changes hands or class. The trigger never moves; pauses carry over."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import User
from crm.refusal import Refusal
from crm.selectors import calendars
from servicing import due as ladders
from servicing.models import Commitment, ServiceStandard
from servicing.models.commitment import EventKind, State
from servicing.services.commitments import ledger, opening, timing


class MustDiffer(Refusal):
    """Nothing would change."""


class TooLateToReclassify(Refusal):
    """After the due time the item stays broken (rulebook X-14)."""


class NeedsReason(Refusal):
    """A change of class or hands needs a reason."""


@transaction.atomic
def transfer(
    *, commitment: Commitment, owner: User, reason: str, by: User | None, now: datetime
) -> Commitment:
    """This function will give the promise another owner; its clock runs on (rulebook X-25)."""
    row = ledger.fresh(commitment)
    if row.owner_id == owner.pk:
        raise MustDiffer(_("责任人没有变化，请选择另一位。"))
    former = row.owner
    ledger.change(row, owner=owner, branch=owner.branch)
    ledger.record(
        row, EventKind.TRANSFERRED, at=now, now=now, by=by, former=former.pk, owner=owner.pk, reason=reason
    )
    return row


@transaction.atomic
def reclassify(
    *,
    commitment: Commitment,
    standard: ServiceStandard,
    reason: str,
    by: User | None,
    approver: User | None,
    now: datetime,
) -> Commitment:
    """This function will put the promise under another standard, counted from the original trigger (rulebook X-14).

    Allowed while it is not overdue. Raises TooLateToReclassify, MustDiffer, NeedsReason, AlreadyClosed.
    """
    row = ledger.fresh(commitment)
    if standard.pk == row.standard_id:
        raise MustDiffer(_("类别没有变化，请选择另一个标准。"))
    if not reason.strip():
        raise NeedsReason(_("请写明改变类别的理由。"))
    if row.breached_at or (row.due_at is not None and now > row.due_at):
        raise TooLateToReclassify(_("已经超时，改变类别不能改变结果，请尽快办结。"))
    calendar = calendars.current()
    former, former_due = row.standard, row.due_at
    row.standard = standard
    due = timing.recount(row, calendar)
    if row.state == State.PAUSED:
        ledger.change(row, standard=standard, kind=standard.kind, calendar_version=calendar.version)
    else:
        assert due.due_at is not None
        moments = timing.moments(row, due.due_at, calendar)
        ledger.change(
            row,
            standard=standard,
            kind=standard.kind,
            due_at=due.due_at,
            legal_latest=due.legal_latest,
            provisional=due.provisional,
            calendar_version=calendar.version,
            look_again_at=ladders.next_look(moments, now) or now,
        )
    ledger.record(
        row,
        EventKind.RECLASSIFIED,
        at=now,
        now=now,
        by=by,
        former=str(former),
        former_due=former_due,
        standard=str(standard),
        due_at=row.due_at,
        reason=reason,
        approver=approver.pk if approver else None,
    )
    opening.note_ceiling(row, now=now)
    return row
