"""How a promise changes hands or class. The trigger never moves; pauses carry over."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Branch, User
from crm.refusal import Refusal
from servicing.models import Commitment, ServiceStandard
from servicing.models.commitment import EventKind, State
from servicing.selectors import terms as selector
from servicing.services.commitments import ledger, opening, pausing, timing


class MustDiffer(Refusal):
    """Nothing would change."""


class TooLateToReclassify(Refusal):
    """After the due time the item stays broken (rulebook X-14)."""


class NeedsReason(Refusal):
    """A change of class or hands needs a reason."""


class NeedsAnotherApprover(Refusal):
    """A change of class is approved by a second person (rulebook X-14, X-24)."""


class PromisedAlready(Refusal):
    """The same occasion already has a promise of the class."""


class CannotTakeOver(Refusal):
    """The person has left, or their role does no such work."""


def check_taker(owner: User) -> None:
    """This function will raise CannotTakeOver for somebody who has left or whose role does no such work."""
    if not rights.may(owner, "ticket_work"):
        raise CannotTakeOver(_("%(name)s 已离岗或岗位不办理业务，请选择另一位。") % {"name": owner.name})


def check_handover(owner: User, reason: str) -> None:
    """This function will raise CannotTakeOver or NeedsReason where work may not change hands like this."""
    check_taker(owner)
    if not reason.strip():
        raise NeedsReason(_("请写明转派的原因。"))


@transaction.atomic
def transfer(
    *,
    commitment: Commitment,
    owner: User,
    reason: str,
    by: User | None,
    now: datetime,
    branch: Branch | None = None,
) -> Commitment:
    """This function will give the promise another owner; its clock runs on (rulebook X-25).

    It stays with its branch, but where the customer moves to another one it goes along.

    Raises MustDiffer, CannotTakeOver, NeedsReason, AlreadyClosed.
    """
    row = ledger.fresh(commitment)
    if row.owner_id == owner.pk:
        raise MustDiffer(_("责任人没有变化，请选择另一位。"))
    check_handover(owner, reason)
    former = row.owner
    ledger.change(row, owner=owner, **({"branch": branch} if branch else {}))
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

    Allowed while it is not overdue; where the new limit has passed already, the next sweep finds it broken.
    Raises TooLateToReclassify, MustDiffer, NeedsReason, NeedsAnotherApprover, PromisedAlready, AlreadyClosed,
    and CannotBePaused where the clock stands still for a reason that the new standard does not know.
    """
    row = ledger.fresh(commitment)
    if standard.pk == row.standard_id:
        raise MustDiffer(_("类别没有变化，请选择另一个标准。"))
    if ledger.is_late(row, now):
        raise TooLateToReclassify(_("已经超时，改变类别不能改变结果，请尽快办结。"))
    _check_approval(reason, by, approver)
    former, former_due = row.standard, row.due_at
    row.standard, row.kind = standard, standard.kind
    family = opening.of_occasion(row)
    if opening.same_kind(row, family) is not None:
        raise PromisedAlready(
            _("同一事项已有“%(name)s”的承诺，不能再改为这一类别。") % {"name": standard.name}
        )
    ledger.change(row, standard=standard, kind=standard.kind, **_new_clock(row, now=now))
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
    opening.note_ceiling(row, family, now=now)
    return row


def _check_approval(reason: str, by: User | None, approver: User | None) -> None:
    if not reason.strip():
        raise NeedsReason(_("请写明改变类别的理由。"))
    if approver is None or (by is not None and approver.pk == by.pk):
        raise NeedsAnotherApprover(_("改变类别需要另一位有权限的人批准，请选择批准人。"))
    rights.require(approver, "reclassify")


def _new_clock(row: Commitment, *, now: datetime) -> dict[str, Any]:
    """What the new standard makes of the clock; one that stands still is counted when it runs on."""
    terms = selector.in_force(row.branch)
    due = timing.recount(row, terms)
    if row.state == State.PAUSED:
        running = row.pauses.get(ended_at__isnull=True)
        if due.due_at is not None or running.reason not in row.standard.pause_reasons:
            raise pausing.CannotBePaused(
                _("新类别的时限不能因“%(why)s”停着，请先恢复计时，再改变类别。")
                % {"why": running.get_reason_display()}
            )
        return timing.counted_by(row.standard, terms)
    return timing.counted(row, due, terms, now=now)
