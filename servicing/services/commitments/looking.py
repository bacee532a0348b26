"""The sweep: promises whose moment has come are looked at once, by whoever wins the row."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import shuffle

from django.db import OperationalError, transaction
from django.db.models import F, Max

from servicing import due as ladders
from servicing.due import Rung
from servicing.models import Commitment, CommitmentEvent
from servicing.models.commitment import EventKind, State
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services import escalations
from servicing.services.commitments import pausing, timing

logger = logging.getLogger(__name__)

PUT_OFF = timedelta(hours=1)
AT_ONCE = 25

_EVENT = {
    Rung.WARN: EventKind.WARNED,
    Rung.BREAK: EventKind.BROKEN,
    Rung.FIRST: EventKind.ESCALATED,
    Rung.SECOND: EventKind.ESCALATED,
}
# After these a due time is a new one, and what is amber already became so at that moment.
_COUNTED_AGAIN = (EventKind.RESUMED, EventKind.RECLASSIFIED, EventKind.SETTLED, EventKind.REDATED)


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How many promises this sweep looked at, and how many could not be looked at and were put off an hour.

    `left` says that more were waiting than one sweep takes.
    """

    done: int
    failed: int
    left: bool = False


def sweep(*, now: datetime, limit: int = 500) -> SweepResult:
    """This function will look at every promise whose moment has come, each in its own transaction.

    Any number of sweeps may run at once: a row is won by one of them. A row that fails is put off by an
    hour and logged with its id; the others go on.
    """
    due = Commitment.objects.due_for_a_look(now).order_by("look_again_at")
    terms = selector.in_force()
    done = failed = 0
    waiting = list(due.values_list("pk", "look_again_at")[:limit])
    for pk, seen in _not_taken_yet(waiting):
        try:
            done += look_at(pk=pk, seen=seen, now=now, terms=terms)
        except OperationalError:  # the database was busy, the row is sound: the next sweep takes it
            logger.warning("promise %s waits for the next sweep, the database was busy", pk)
            failed += 1
        except Exception:  # whatever is wrong with one row must not stop the line
            logger.exception("promise %s could not be looked at", pk)
            Commitment.objects.filter(pk=pk, look_again_at=seen).update(look_again_at=now + PUT_OFF)
            failed += 1
    return SweepResult(done, failed, left=len(waiting) == limit)


def _not_taken_yet(waiting: list[tuple[int, datetime | None]]) -> Iterator[tuple[int, datetime]]:
    """Sweeps at once read the same rows: each takes its own way through them and skips what others have taken.

    This only saves work; who wins a row is decided by the update that names the moment.
    """
    shuffle(waiting)
    for start in range(0, len(waiting), AT_ONCE):
        part = waiting[start : start + AT_ONCE]
        still = dict(
            Commitment.objects.filter(pk__in=[pk for pk, _seen in part]).values_list("pk", "look_again_at")
        )
        for pk, seen in part:
            if seen is not None and still.get(pk) == seen:
                yield pk, seen


@transaction.atomic
def look_at(*, pk: int, seen: datetime, now: datetime, terms: Terms | None = None) -> int:
    """This function will climb the ladder of one promise as far as `now`; returns 1 if this caller won the row.

    1. Read the row. 2. See which rungs have become true. 3. Take the row by naming the moment we saw.
    4. Write one event a rung, dated when it became true. 5. Tell the people of the highest rung.
    A breach is only ever added, and whoever read the row before us finds it changed.
    """
    terms = terms or selector.in_force()
    row = (
        Commitment.objects.select_related("standard", "owner__supervisor", "customer", "branch")
        .filter(pk=pk, look_again_at=seen)
        .first()
    )
    if row is None:
        return 0
    terms = terms.at(row.branch)
    if row.state == State.PAUSED:
        return _look_at_pause(row, seen=seen, now=now, terms=terms)
    assert row.due_at is not None
    moments = timing.moments(row, row.due_at, terms)
    rungs = ladders.passed(moments, now)
    broken = any(m.rung is Rung.BREAK for m in rungs)
    won = Commitment.objects.filter(pk=pk, look_again_at=seen, state=State.OPEN).update(
        look_again_at=ladders.next_look(moments, now),
        version=F("version") + 1,
        **({"breached_at": row.due_at} if broken else {}),
    )
    if not won:
        return 0
    written = _write(row, [m for m in rungs if not (broken and m.rung is Rung.WARN)], now=now)
    if written:
        escalations.announce(row, written[-1], now=now, terms=terms)
    return 1


def _write(row: Commitment, moments: list[ladders.Moment], *, now: datetime) -> list[ladders.Moment]:
    """This function will write the rungs that are not written yet and return them."""
    alarms = {m: _alarm(row, m) for m in moments}
    known = set(
        CommitmentEvent.objects.filter(commitment=row, alarm__in=alarms.values()).values_list(
            "alarm", flat=True
        )
    )
    new = [m for m in moments if alarms[m] not in known]
    CommitmentEvent.objects.bulk_create(
        CommitmentEvent(
            commitment=row,
            kind=_EVENT[m.rung],
            alarm=alarms[m],
            at=_true_since(row, m),
            noticed_at=now,
            detail={"due_at": row.due_at.isoformat() if row.due_at else None},
        )
        for m in new
    )
    return new


def _true_since(row: Commitment, moment: ladders.Moment) -> datetime:
    # An amber moment that lies before the clock ran on became true when it ran on.
    if moment.rung is not Rung.WARN:
        return moment.at
    changed: datetime | None = row.events.filter(kind__in=_COUNTED_AGAIN).aggregate(at=Max("at"))["at"]
    return max(moment.at, changed) if changed else moment.at


def _alarm(row: Commitment, moment: ladders.Moment) -> str:
    # A warning belongs to one due time: after a pause the promise may have to be warned of again.
    if moment.rung is Rung.WARN:
        return f"{moment.rung}:{row.due_at:%Y-%m-%dT%H:%M:%S}"
    return str(moment.rung)


def _look_at_pause(row: Commitment, *, seen: datetime, now: datetime, terms: Terms) -> int:
    running = row.pauses.get(ended_at__isnull=True)
    long_at = pausing.too_long_at(running.started_at, terms)
    won = Commitment.objects.filter(pk=row.pk, look_again_at=seen, state=State.PAUSED).update(
        look_again_at=max(long_at, now + timedelta(days=1)), version=F("version") + 1
    )
    if not won or long_at > now:  # a new calendar may have moved the eleventh working day
        return won
    alarm = f"pause_long:{running.pk}"
    if not CommitmentEvent.objects.filter(commitment=row, alarm=alarm).exists():
        CommitmentEvent.objects.create(
            commitment=row,
            kind=EventKind.ESCALATED,
            alarm=alarm,
            at=long_at,
            noticed_at=now,
            detail={"reason": running.reason, "paused_since": running.started_at.isoformat()},
        )
        escalations.announce_long_pause(row, running, now=now, terms=terms)
    return 1
