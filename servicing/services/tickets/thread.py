"""The ticket's row and thread: how both are changed, answers to the customer, notes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import User
from crm.refusal import Refusal
from crm.services import audit
from servicing import moves
from servicing.models import Commitment, Ticket, TicketEntry
from servicing.models.commitment import State
from servicing.models.ticket import EntryKind
from servicing.services import commitments

ANSWERED_KINDS = ("enquiry", "complaint", "request")


class StaleTicket(Refusal):
    """Somebody else changed the ticket after this person read it; nothing was saved."""


class NothingWritten(Refusal):
    """An empty answer or note."""


def taken(ticket: Ticket, version: int | None) -> Ticket:
    """This function will read the ticket again; raises StaleTicket where `version` is no longer the row's."""
    row = Ticket.objects.select_related(
        "customer", "branch", "owner", "promise__standard", "ceiling__standard"
    ).get(pk=ticket.pk)
    if version is not None and row.version != version:
        raise StaleTicket(_("这张工单刚被别人改动。您写的内容还在下面，请核对后再提交。"))
    return row


def change(row: Ticket, move: str, **fields: Any) -> Ticket:
    """This function will make a legal move and write the fields; raises IllegalMove or StaleTicket."""
    state = moves.after(row.state, move)
    won = Ticket.objects.filter(pk=row.pk, version=row.version).update(
        state=state, version=row.version + 1, **fields
    )
    if not won:
        raise StaleTicket(_("这张工单刚被别人改动。您写的内容还在下面，请核对后再提交。"))
    row.state = state
    row.version += 1
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def write(row: Ticket, kind: str, body: str, *, by: User, now: datetime) -> TicketEntry:
    """This function will add one line to the thread; raises NothingWritten on an empty one."""
    body = body.strip()
    if not body:
        raise NothingWritten(_("内容不能为空，请写下要记录的内容。"))
    return TicketEntry.objects.create(ticket=row, kind=kind, body=body, by=by, at=now)


def promises(row: Ticket) -> list[Commitment]:
    """This function will list the ticket's running promises: the company's and the law's."""
    owned = (row.promise, row.ceiling)
    return [one for one in owned if one is not None and one.state in (State.OPEN, State.PAUSED)]


@transaction.atomic
def reply(
    *, ticket: Ticket, body: str, by: User, now: datetime, version: int | None = None, answers: bool = True
) -> TicketEntry:
    """This function will write an answer to the customer; a substantive one keeps the promise to answer.

    Enquiries, complaints and requests are promises to answer, so their clocks end here, with this entry as
    evidence (rulebook PA-18.2.1, R-4). Raises IllegalMove, StaleTicket, NothingWritten.
    """
    row = change(taken(ticket, version), "reply")
    entry = write(row, EntryKind.REPLY, body, by=by, now=now)
    if answers and row.kind in ANSWERED_KINDS:
        fulfil_all(row, reference=f"{row.number}#{entry.pk}", kind="reply", by=by, now=now)
    log(row, "replied", by=by, now=now)
    return entry


@transaction.atomic
def note(*, ticket: Ticket, body: str, by: User, now: datetime) -> TicketEntry:
    """This function will write a note that only staff see; it is allowed in every state."""
    row = taken(ticket, None)
    moves.after(row.state, "note")
    entry = write(row, EntryKind.NOTE, body, by=by, now=now)
    log(row, "noted", by=by, now=now)
    return entry


def fulfil_all(row: Ticket, *, reference: str, kind: str, by: User, now: datetime, note: str = "") -> None:
    """This function will fulfil the running promises of the ticket with one proof; without a reference unproven."""
    proof = commitments.Proof(kind=kind, reference=reference, note=note) if reference else None
    for promise in promises(row):
        commitments.fulfil(commitment=promise, at=now, by=by, proof=proof, now=now)


def log(row: Ticket, verb: str, *, by: User, now: datetime, **after: Any) -> None:
    """This function will write the act into the audit log."""
    audit.log(
        action=f"servicing.ticket.{verb}",
        subject=f"servicing.ticket:{row.number}",
        by=by,
        now=now,
        customer=row.customer,
        after=after or None,
    )
