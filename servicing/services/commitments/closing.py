"""How a promise ends: fulfilled with evidence, or cancelled with a reason. A breach stays a breach."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import User
from crm.refusal import Refusal
from crm.time import local
from servicing.models import Commitment, CommitmentEvent, Evidence, LostEvidence
from servicing.models.commitment import CancelKind, EventKind, State
from servicing.services.commitments import ledger, pausing


class TooEarly(Refusal):
    """The window has not begun."""


class NotYet(Refusal):
    """The closing moment lies in the future."""


class ReasonMissing(Refusal):
    """A promise was to be cancelled without saying why."""


class NeedsApprover(Refusal):
    """A waiver needs a second person who holds the right (rulebook X-24)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that a promise was kept: its kind, what to look up, a note (rulebook X-20)."""

    kind: str
    reference: str
    note: str = ""


@transaction.atomic
def fulfil(
    *, commitment: Commitment, at: datetime, by: User | None, proof: Proof | None, now: datetime
) -> Commitment:
    """This function will close a promise as done at the instant `at`, cut to whole seconds.

    Done after the due time is broken and stays so; without proof it counts as unproven until evidence is
    added. Raises TooEarly, NotYet, AlreadyClosed, ChangedMeanwhile (rulebook X-05, X-20).
    """
    row = ledger.fresh(commitment)
    at = at.replace(microsecond=0)
    if at > now:
        raise NotYet(_("办结时间不能晚于现在。"))
    if at < row.starts_at:
        raise TooEarly(
            _("还没到可以办理的时间，最早 %(at)s。") % {"at": f"{local(row.starts_at):%Y-%m-%d %H:%M}"}
        )
    if row.state == State.PAUSED:
        row = pausing.end_pause(row, at=at, by=by, approver=None, now=now, closing=True)
    breached_at = _breach(row, at=at, now=now)
    ledger.change(row, state=State.FULFILLED, fulfilled_at=at, breached_at=breached_at, look_again_at=None)
    ledger.record(row, EventKind.FULFILLED, at=at, now=now, by=by, late=bool(breached_at) or None)
    if proof is not None:
        add_evidence(commitment=row, proof=proof, by=by, at=at, now=now)
    return row


def _breach(row: Commitment, *, at: datetime, now: datetime) -> datetime | None:
    """The breach that stands, or the one found by closing at `at` because no sweep has come by since."""
    if row.breached_at or not ledger.is_late(row, at):
        return row.breached_at
    assert row.due_at is not None  # late means after it
    moment = row.due_at + timedelta(seconds=1)
    ledger.record(row, EventKind.BROKEN, at=moment, now=now, alarm=EventKind.BROKEN, due_at=row.due_at)
    return row.due_at


@transaction.atomic
def add_evidence(
    *, commitment: Commitment, proof: Proof, by: User | None, at: datetime, now: datetime
) -> Evidence:
    """This function will file a proof; the same proof twice is filed once. Evidence may come after the closing."""
    reference = proof.reference.strip()
    if not reference:
        raise ReasonMissing(_("请填写凭据编号或系统参考号。"))
    evidence, made = Evidence.objects.get_or_create(
        commitment=commitment,
        kind=proof.kind,
        reference=reference,
        defaults={"note": proof.note[:200], "at": at, "by": by},
    )
    if made:
        CommitmentEvent.objects.create(
            commitment=commitment,
            kind=EventKind.EVIDENCE,
            at=at,
            noticed_at=now,
            by=by,
            detail={"kind": proof.kind, "reference": reference},
        )
    return evidence


@transaction.atomic
def lose_evidence(*, commitment: Commitment, proof: Proof, reason: str, at: datetime, now: datetime) -> bool:
    """This function will note that a proof no longer proves anything, once; where no other stands the promise counts
    as unproven again (rulebook X-20). The proof stays on file."""
    filed = Evidence.objects.filter(commitment=commitment, kind=proof.kind, reference=proof.reference).first()
    if filed is None:
        return False
    _row, made = LostEvidence.objects.get_or_create(
        evidence=filed, defaults={"at": at, "reason": reason[:200]}
    )
    if made:
        CommitmentEvent.objects.create(
            commitment=commitment,
            kind=EventKind.DISPROVED,
            at=at,
            noticed_at=now,
            detail={"kind": proof.kind, "reference": proof.reference, "reason": reason},
        )
    return made


@transaction.atomic
def cancel(
    *,
    commitment: Commitment,
    kind: str,
    reason: str,
    by: User | None,
    now: datetime,
    approver: User | None = None,
) -> Commitment:
    """This function will end a promise that is neither kept nor broken any more; a breach until now stays a breach.

    A waiver needs an approver with the right who is not the one asking. Raises ReasonMissing, NeedsApprover,
    AlreadyClosed, ChangedMeanwhile.
    """
    row = ledger.fresh(commitment)
    if not reason.strip():
        raise ReasonMissing(_("请写明取消的理由。"))
    if kind == CancelKind.WAIVED:
        if approver is None or (by is not None and approver.pk == by.pk):
            raise NeedsApprover(_("豁免需要另一位有权限的人批准，请选择批准人。"))
        rights.require(approver, "waive")
    if row.state == State.PAUSED:
        row = pausing.end_pause(row, at=now, by=by, approver=approver, now=now, closing=True)
    ledger.change(
        row,
        state=State.CANCELLED,
        cancelled_at=now,
        cancel_kind=kind,
        cancel_reason=reason[:200],
        cancel_approver=approver,
        breached_at=_breach(row, at=now, now=now),
        look_again_at=None,
    )
    ledger.record(row, EventKind.CANCELLED, at=now, now=now, by=by, cancel=kind, reason=reason)
    return row
