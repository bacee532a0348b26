"""The tick: once a minute it notices outages and moved clocks, unrolls the days ahead, and starts what is due.

Any number of ticks may run at once, and any of them may die at any line; the next one finds the same work.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from crm.models import TickState
from crm.models.job import HoldKind
from crm.pulse import Pulse
from crm.schedule import JOBS, Job
from crm.services import runs
from crm.services.tick import days, guards, lease
from crm.services.tick.clockwatch import Verdict
from crm.time import SHANGHAI

__all__ = ["Ticked", "slot_of", "tick"]

logger = logging.getLogger(__name__)

Start = Callable[..., None]


@dataclass(slots=True)
class Ticked:
    """What one tick did, for the log and the command's last line."""

    ours: bool = False
    verdict: Verdict = field(default_factory=Verdict)
    days: list[date] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def tick(*, now: datetime, pulse: Pulse, start: Start) -> Ticked:
    """This function will do one beat of the schedule; without the lease it does nothing.

    `start(task, **arguments)` runs or queues a named task: `queue.run_soon` with a broker, `queue.run_now`
    without. Days are always unrolled here and now, so that the watermark never runs ahead of its rows.
    """
    done = Ticked()
    token = lease.take(now=now)
    if token is None:
        return done
    done.ours = True
    done.verdict = guards.listen(now=now, pulse=pulse)
    guards.against_skew(now=now)
    state = TickState.objects.get(pk=1)
    doubted = state.held_kind == HoldKind.CLOCK
    if not doubted:
        done.days, done.failed = days.unroll(state.watermark, token=token, now=now)
        if done.verdict.outage is not None:
            guards.against_a_flush(done.verdict.outage, now=now)
    for job in JOBS:
        if not job.per_day and not (doubted and job.doubts_clock):
            _start(job, start=start, now=now, done=done)
    lease.give_back(token, ticked_at=now, boot_id=pulse.boot_id, boot_seconds=pulse.boot_seconds)
    return done


def _start(job: Job, *, start: Start, now: datetime, done: Ticked) -> None:
    run = runs.begin(job=job.name, slot=slot_of(job.every, now), now=now)
    if run is None:
        return
    try:
        start(job.task, run=run.pk)
        done.started.append(job.name)
    except Exception:
        logger.exception("%s failed", job.name)
        done.failed.append(job.name)


def slot_of(every: timedelta, now: datetime) -> str:
    """This function will name the slot that an instant falls into, counted from midnight in Shanghai."""
    here = now.astimezone(SHANGHAI)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{midnight + (here - midnight) // every * every:%Y-%m-%dT%H:%M:%S}"
