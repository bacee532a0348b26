"""What a newly imported calendar does to provisional promises (rulebook X-03). Firm ones keep their date."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.selectors import calendars
from crm.time import local
from servicing import due as ladders
from servicing.clocks import is_clock
from servicing.models import Commitment
from servicing.models.commitment import EventKind, State
from servicing.services import notices
from servicing.services.commitments import ledger, timing


def settle(*, now: datetime) -> int:
    """This function will count every open provisional promise again under the current calendar.

    Old and new due times are written as an event, owners of moved promises are told, closed and breached
    promises are not judged again. Returns how many were counted. Running it twice changes nothing more.
    """
    calendar = calendars.current()
    rows = (
        Commitment.objects.filter(state=State.OPEN, provisional=True, breached_at__isnull=True)
        .exclude(calendar_version=calendar.version)
        .select_related("standard", "owner", "customer")
        .prefetch_related("pauses")
    )
    return sum(_settle_one(row, now=now) for row in rows if is_clock(row.standard))


@transaction.atomic
def _settle_one(row: Commitment, *, now: datetime) -> int:
    calendar = calendars.current()
    former = row.due_at
    due = timing.recount(row, calendar)
    assert former is not None and due.due_at is not None
    moments = timing.moments(row, due.due_at, calendar)
    ledger.change(
        row,
        due_at=due.due_at,
        legal_latest=due.legal_latest,
        provisional=due.provisional,
        calendar_version=calendar.version,
        look_again_at=ladders.next_look(moments, now) or now,
    )
    ledger.record(row, EventKind.SETTLED, at=now, now=now, former_due=former, due_at=due.due_at)
    if due.due_at != former:
        notices.tell(
            row,
            [row.owner],
            kind="redated",
            body=_("放假安排已公布，“%(title)s”的到期日由 %(old)s 改为 %(new)s。")
            % {
                "title": row.title,
                "old": f"{local(former):%Y-%m-%d}",
                "new": f"{local(due.due_at):%Y-%m-%d}",
            },
            now=now,
        )
    return 1
