"""What a newly imported calendar does to provisional promises (rulebook X-03). Firm ones keep their date."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.time import local
from servicing import due as ladders
from servicing.clocks import is_clock
from servicing.models import Commitment
from servicing.models.commitment import EventKind, State
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services import notices
from servicing.services.commitments import ledger, timing


def settle(*, now: datetime) -> int:
    """This function will count every open provisional promise again under the current calendar.

    Old and new due times are written as an event, owners of moved promises are told, closed and breached
    promises are not judged again. Returns how many were counted. Running it twice changes nothing more.
    """
    terms = selector.in_force()
    rows = (
        Commitment.objects.filter(state=State.OPEN, provisional=True, breached_at__isnull=True)
        .exclude(calendar_version=terms.calendar.version)
        .select_related("standard")
    )
    return sum(_settle_one(row.pk, terms, now=now) for row in rows if is_clock(row.standard))


@transaction.atomic
def _settle_one(pk: int, terms: Terms, *, now: datetime) -> int:
    row = ledger.held(pk)
    former = row.due_at
    if row.state != State.OPEN or former is None or ledger.is_late(row, now):
        return 0  # closed, paused or broken since we looked, or overdue and not swept yet
    due = timing.recount(row, terms)
    assert due.due_at is not None
    ledger.change(
        row,
        due_at=due.due_at,
        legal_latest=due.legal_latest,
        provisional=due.provisional,
        calendar_version=terms.calendar.version,
        look_again_at=ladders.look_after_change(timing.moments(row, due.due_at, terms), now),
    )
    ledger.record(row, EventKind.SETTLED, at=now, now=now, former_due=former, due_at=due.due_at)
    if due.due_at != former:
        _tell(row, former=former, settled=due.due_at, now=now, terms=terms)
    return 1


def _tell(row: Commitment, *, former: datetime, settled: datetime, now: datetime, terms: Terms) -> None:
    words = {"title": row.title, "old": f"{local(former):%Y-%m-%d}", "new": f"{local(settled):%Y-%m-%d}"}
    body = _("放假安排已公布，“%(title)s”的到期日由 %(old)s 改为 %(new)s。") % words
    notices.tell(row, [row.owner], kind="redated", body=body, now=now, terms=terms)
