"""How a ticket ends: done with evidence, or withdrawn by the customer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import User
from crm.refusal import Refusal
from servicing.models import Ticket
from servicing.models.commitment import CancelKind
from servicing.models.ticket import EntryKind
from servicing.services import commitments
from servicing.services.tickets import thread


class AnswerFirst(Refusal):
    """An enquiry, complaint or request is closed only after the customer was answered."""


class PapersNeverComplete(Refusal):
    """The clock never started because the papers were never complete."""


class SayWhy(Refusal):
    """A withdrawal needs the customer's reason."""


@transaction.atomic
def close(
    *,
    ticket: Ticket,
    summary: str,
    by: User,
    now: datetime,
    version: int | None = None,
    reference: str = "",
) -> Ticket:
    """This function will close a ticket; its promises are kept or broken by this moment.

    `reference` is the evidence to look up (policy, endorsement or payment number); without it the promise
    counts as unproven until evidence is added (rulebook X-20). Raises AnswerFirst, PapersNeverComplete,
    IllegalMove, StaleTicket, NothingWritten.
    """
    row = thread.taken(ticket, version)
    if row.papers_complete_at is None:
        raise PapersNeverComplete(_("资料还没有登记齐备，不能办结；请先登记资料齐备，或由客户撤回。"))
    if row.kind in thread.ANSWERED_KINDS and not _answered(row):
        raise AnswerFirst(_("还没有实质答复客户，不能办结；请先写答复。"))
    thread.change(row, "close", closed_at=now.replace(microsecond=0), closed_by=by)
    said = _("办结：%(summary)s") % {"summary": summary.strip()} if summary.strip() else ""
    thread.write(row, EntryKind.ACT, said, by=by, now=now)
    thread.fulfil_all(row, reference=reference.strip(), kind="closing", by=by, now=now, note=summary)
    thread.log(row, "closed", by=by, now=now, reference=reference)
    return row


def _answered(row: Ticket) -> bool:
    # A substantive answer ends the promises to answer; while one runs, there was at most a word of receipt.
    return not thread.promises(row) and row.entries.filter(kind=EntryKind.REPLY).exists()


@transaction.atomic
def withdraw(*, ticket: Ticket, reason: str, by: User, now: datetime, version: int | None = None) -> Ticket:
    """This function will end a ticket that the customer takes back; its promises leave the statistics."""
    if not reason.strip():
        raise SayWhy(_("请写明客户撤回的原因。"))
    row = thread.taken(ticket, version)
    thread.change(row, "withdraw", closed_at=now.replace(microsecond=0), closed_by=by)
    for promise in thread.promises(row):
        commitments.cancel(commitment=promise, kind=CancelKind.WITHDRAWN, reason=reason, by=by, now=now)
    thread.write(row, EntryKind.ACT, _("客户撤回：%(why)s") % {"why": reason}, by=by, now=now)
    thread.log(row, "withdrawn", by=by, now=now, reason=reason)
    return row
