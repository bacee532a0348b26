"""Runs of jobs as rows: begun once a slot, closed with what they did, so that people see what the machine does."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from crm.models import JobRun
from crm.refusal import Refusal

logger = logging.getLogger(__name__)

KEPT = timedelta(days=30)


class SomeRowsFailed(Refusal):
    """The job went through all its rows, and some of them failed; they were pushed back and will be tried again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did. `left` says that more is waiting right now."""

    done: int = 0
    failed: int = 0
    left: bool = False

    def __add__(self, other: "Outcome") -> "Outcome":
        """This function will add two runs up; what the later one left is what is left."""
        return Outcome(self.done + other.done, self.failed + other.failed, other.left)


def begin(*, job: str, slot: str, now: datetime) -> JobRun | None:
    """This function will open the run of a job's slot, or return None where the slot already has one."""
    run, mine = JobRun.objects.get_or_create(
        job=job, slot=slot, defaults={"started_at": now, "heartbeat_at": now}
    )
    return run if mine else None


@contextmanager
def recorded(run: int | None, *, clock: Callable[[], datetime]) -> Iterator[Callable[[Outcome], None]]:
    """This function will close the run with what was added inside, and raise SomeRowsFailed if any row failed.

    An exception inside closes the run as failed, with its words as the note, and passes through. Without a
    run (somebody called the task by hand) only the raising happens.
    """
    total = Outcome()

    def add(outcome: Outcome) -> None:
        nonlocal total
        total = total + outcome
        if run is not None:
            JobRun.objects.filter(pk=run).update(heartbeat_at=clock())

    try:
        yield add
    except Exception as error:
        note = error.message if isinstance(error, Refusal) else f"{type(error).__name__}: {error}"
        _close(run, Outcome(total.done, total.failed + 1), note=note, now=clock())
        raise
    _close(run, total, note="", now=clock())
    if total.failed:
        raise SomeRowsFailed(f"{total.failed} 行处理失败，已推后一小时重试；详情见日志。")


def _close(run: int | None, outcome: Outcome, *, note: str, now: datetime) -> None:
    if run is None:
        return
    JobRun.objects.filter(pk=run).update(
        finished_at=now,
        heartbeat_at=now,
        done=F("done") + outcome.done,
        failed=F("failed") + outcome.failed,
        note=note[:500],
    )


def forget(*, now: datetime) -> Outcome:
    """This function will delete runs that ended well more than thirty days ago."""
    old = JobRun.objects.filter(finished_at__lt=now - KEPT, failed=0)
    return Outcome(done=old.delete()[0])
