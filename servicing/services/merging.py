"""Moves promises when two customers turn out to be one; what was promised twice for one occasion is kept once."""

from datetime import datetime

from django.utils.translation import gettext as _

from crm.models import Customer, User
from crm.services.merging import Steps
from servicing.models import Commitment
from servicing.models.commitment import CancelKind, State
from servicing.services.commitments import closing, ledger

# An alarm, a new date or an answer in between does not keep a promise from going back.
WATCHED = ("customer_id", "state")
ENDED = (
    *("state", "due_at", "legal_latest", "provisional", "look_again_at"),
    *("cancelled_at", "cancel_kind", "cancel_reason", "cancel_approver_id"),
)


def move_promises(*, survivor: Customer, merged: Customer, steps: Steps, by: User, now: datetime) -> None:
    """This function will move the promises, and cancel as 重复 what both customers were promised for one occasion.

    Of two running ones the survivor's runs on; a promise that one of the rows has kept already is not owed again.
    """
    steps.takes(Commitment)
    own = {(one.kind, one.occasion): one.pk for one in survivor.commitments.all()}
    for pk in merged.commitments.order_by("pk").values_list("pk", flat=True):
        row = ledger.held(pk)
        twin = own.get((row.kind, row.occasion))
        if twin is None:
            steps.change(row, watch=WATCHED, customer_id=survivor.pk)
            continue
        other = ledger.held(twin)
        if row.state in (State.OPEN, State.PAUSED):
            _cancel(row, other, steps, by, now)
        elif row.state == State.FULFILLED and other.state in (State.OPEN, State.PAUSED):
            _cancel(other, row, steps, by, now)
        steps.note(
            _("“%(title)s”两边都有，只算一次，另一项留在旧客户号下或按重复取消。") % {"title": row.title}
        )


def _cancel(row: Commitment, other: Commitment, steps: Steps, by: User, now: datetime) -> None:
    before = {name: getattr(row, name) for name in ENDED}
    paused = list(row.pauses.filter(ended_at__isnull=True))
    reason = _("合并客户：与承诺 #%(pk)s 重复") % {"pk": other.pk}
    closing.cancel(commitment=row, kind=CancelKind.DUPLICATE, reason=reason, by=by, now=now)
    row.refresh_from_db()
    steps.was(row, before, watch=WATCHED)
    for pause in paused:
        pause.refresh_from_db()
        steps.was(pause, {"ended_at": None})
