"""Seals the log, stretch by stretch: each seal holds the digests of its rows and the hash of the seal before it."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from crm import audit_digests
from crm.models import AuditSeal, LogEntry
from crm.selectors import audit_seals
from crm.services.runs import Outcome

logger = logging.getLogger(__name__)

MARGIN = timedelta(seconds=5)
ROWS = 1000  # of one seal
SEALS = 100  # of one run


def seal(*, now: datetime) -> Outcome:
    """This function will seal all rows whose transactions have surely ended, up to a hundred seals a run.

    Repeating it adds nothing. Rows younger than five seconds wait for the next run.
    """
    done = 0
    for _turn in range(SEALS):
        drawn = draw_up(now=now)
        if drawn is None or not keep(drawn):
            return Outcome(done=done)
        done += drawn.rows
    return Outcome(done=done, left=True)


def draw_up(*, now: datetime) -> AuditSeal | None:
    """This function will make the next seal without saving it, or return None where nothing can be sealed yet.

    A missing number ends the stretch before it while a transaction that may hold it is still open; when none
    is, the number was rolled back, and the stretch goes over it.
    """
    before = audit_seals.newest()
    number, first, previous = (
        (before.number + 1, before.last + 1, before.hash) if before else (1, 1, audit_digests.NOTHING)
    )
    last = _last_to_seal(first, now)
    if last is None:
        return None
    # read after the look at who is writing: what ended before the look is seen now
    digests = audit_seals.digests(first, last)
    if not digests:
        return None
    drawn = AuditSeal(
        number=number,
        first=first,
        last=last,
        rows=len(digests),
        digests=audit_digests.written(digests),
        previous=previous,
        sealed_at=now,
    )
    drawn.hash = audit_seals.hash_of(drawn)
    return drawn


def keep(drawn: AuditSeal) -> bool:
    """This function will save a seal, or return False where another sealer was faster; its seal holds then."""
    try:
        with transaction.atomic():
            drawn.save(force_insert=True)
    except IntegrityError:
        if AuditSeal.objects.filter(pk=drawn.pk).exists():
            return False
        raise
    # written outside the database too, where whoever rewrites the database does not reach
    logger.info("sealed %d: %d to %d, %s", drawn.number, drawn.first, drawn.last, drawn.hash)
    return True


def _last_to_seal(first: int, now: datetime) -> int | None:
    rows = LogEntry.objects.filter(pk__gte=first).order_by("pk")
    # a row dated later than now was written under a clock that jumped; waiting for its time would seal nothing
    fresh = rows.filter(at__gt=now - MARGIN, at__lte=now).values_list("pk", flat=True).first()
    ripe = rows if fresh is None else rows.filter(pk__lt=fresh)
    numbers = list(ripe.values_list("pk", flat=True)[:ROWS])
    if not numbers:
        return None
    unbroken = sum(pk == first + place for place, pk in enumerate(numbers))
    if unbroken < len(numbers) and audit_seals.writers_in_flight():
        return numbers[unbroken - 1] if unbroken else None
    return numbers[-1]
