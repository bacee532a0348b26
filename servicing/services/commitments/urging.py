"""How somebody reminds a promise's owner: a notice, an event, a line in the ticket's thread. Not too often."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from crm.models import User
from crm.refusal import Refusal
from crm.time import local
from servicing.due import Rung
from servicing.models import Commitment, CommitmentEvent, Ticket, TicketEntry
from servicing.models.commitment import EventKind
from servicing.models.ticket import EntryKind
from servicing.selectors import terms as selector
from servicing.services import escalations, notices
from servicing.services.commitments import ledger


class OwnPromise(Refusal):
    """One's own promise is worked on, not urged."""


class NotBegun(Refusal):
    """The owner cannot act yet."""


class UrgedAlready(Refusal):
    """The owner was reminded a short while ago."""


class WhyUrge(Refusal):
    """A reminder says why."""


@transaction.atomic
def urge(*, commitment: Commitment, reason: str, by: User, now: datetime) -> CommitmentEvent:
    """This function will remind the owner of a running promise, at most once per `urge_every_hours`.

    The row is kept until the act is done, so of two people at once the second is told when the next
    reminder is possible. Whoever stands above hears of it where the owner has left.
    Raises AlreadyClosed, OwnPromise, NotBegun, WhyUrge, UrgedAlready, ChangedMeanwhile.
    """
    row, reason, terms = ledger.fresh(commitment), reason.strip()[:200], selector.in_force()
    _check(row, reason, by, now)
    _check_pace(row, terms.rules.urge_every_hours, now)
    ledger.change(row)
    event = ledger.record(row, EventKind.URGED, at=now, now=now, by=by, reason=reason)
    for ticket in Ticket.objects.filter(Q(promise=row) | Q(ceiling=row)):
        said = _("催办：%(reason)s") % {"reason": reason}
        TicketEntry.objects.create(ticket=ticket, kind=EntryKind.ACT, body=said, by=by, at=now)
    people = escalations.recipients(row, Rung.WARN)
    notices.tell(row, people, kind=EventKind.URGED, body=_body(row, reason, by), now=now, terms=terms)
    return event


def _check(row: Commitment, reason: str, by: User, now: datetime) -> None:
    if row.owner_id == by.pk:
        raise OwnPromise(_("这是您自己负责的承诺，请直接办理。"))
    if now < row.starts_at:
        raise NotBegun(
            _("还没到可以办理的时间，%(at)s 之后才能催办。")
            % {"at": f"{local(row.starts_at):%Y-%m-%d %H:%M}"}
        )
    if not reason:
        raise WhyUrge(_("请写明催办的原因。"))


def _check_pace(row: Commitment, hours: int, now: datetime) -> None:
    """Refuse while the last reminder is younger than the pace; exactly as old as the pace is old enough."""
    last: datetime | None = row.events.filter(kind=EventKind.URGED).aggregate(at=Max("at"))["at"]
    again = last + timedelta(hours=hours) if last else now
    if now < again:
        # shown to the second: a minute's reading would promise a moment that is still refused
        words = {"n": hours, "at": f"{local(again + timedelta(microseconds=999_999)):%Y-%m-%d %H:%M:%S}"}
        raise UrgedAlready(_("%(n)d 小时内已经催办过，最早 %(at)s 可以再次催办。") % words)


def _body(row: Commitment, reason: str, by: User) -> str:
    due = f"{local(row.due_at):%Y-%m-%d %H:%M}" if row.due_at else ""
    words = {"name": by.name, "title": row.title, "due": due, "reason": reason}
    if due:
        return _("%(name)s 催办：%(title)s，%(due)s 到期。原因：%(reason)s") % words
    return _("%(name)s 催办：%(title)s，时限暂停中。原因：%(reason)s") % words
