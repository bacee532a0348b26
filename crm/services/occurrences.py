"""Things that happen once: laid out ahead day by day, then done, skipped with a reason, or missed with a reason."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.models import Occurrence
from crm.models.job import OccurrenceState
from crm.planned import Planned
from crm.time import local

REASON_LENGTH = 120
PUSHED = timedelta(hours=1)


def lay_out(planned: Iterable[Planned]) -> int:
    """This function will save what is planned and not yet there, and return how many were new.

    Laying the same out twice, or from two processes at once, is the same as once: kind, subject, date and
    channel are unique.
    """
    rows = [
        Occurrence(
            kind=one.kind,
            subject=one.subject,
            occasion_date=one.occasion_date,
            channel=one.channel,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            customer_id=one.customer_id,
            contact_id=one.contact_id,
        )
        for one in planned
    ]
    before = _standing(rows)
    Occurrence.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return _standing(rows) - before


def _standing(rows: list[Occurrence]) -> int:
    kinds, dates = {row.kind for row in rows}, {row.occasion_date for row in rows}
    return Occurrence.objects.filter(kind__in=kinds, occasion_date__in=dates).count()


def due(*, kind: str, now: datetime, limit: int) -> list[int]:
    """This function will list what is planned and whose window has opened, the longest waiting first."""
    opened = Occurrence.objects.filter(state=OccurrenceState.PLANNED, kind=kind, starts_at__lte=now)
    opened = opened.filter(Q(next_try_at__isnull=True) | Q(next_try_at__lte=now))
    return list(opened.order_by("starts_at", "pk").values_list("pk", flat=True)[:limit])


def push(pk: int, *, now: datetime) -> None:
    """This function will push an occurrence that failed one hour ahead, so that it never blocks the others."""
    Occurrence.objects.filter(pk=pk, state=OccurrenceState.PLANNED).update(next_try_at=now + PUSHED)


def settle(*, occurrence: Occurrence, to: OccurrenceState, now: datetime, reason: str = "") -> bool:
    """This function will end an occurrence that is still planned; False means that somebody else ended it."""
    won = Occurrence.objects.filter(pk=occurrence.pk, state=OccurrenceState.PLANNED).update(
        state=to, reason=reason[:REASON_LENGTH], settled_at=now
    )
    return won == 1


def why_missed(occurrence: Occurrence) -> str:
    """This function will say why a thing was not done: its window closed before the machine came to it."""
    return _("发送时段 %(first)s–%(last)s 已过，未及办理，不再补发") % {
        "first": f"{local(occurrence.starts_at):%m-%d %H:%M}",
        "last": f"{local(occurrence.ends_at):%m-%d %H:%M}",
    }
