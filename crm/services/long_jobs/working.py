"""The engine: takes waiting work by a conditional UPDATE and does it piece by piece.

Each piece is one transaction that first proves the lease, then does the rows, then moves the cursor. So a process
that dies anywhere leaves whole pieces behind, a process that was thought dead writes nothing more, and whoever
comes next goes on at the cursor: the result is that of an undisturbed run.
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from crm import long_jobs
from crm.long_jobs import Kind, Piece, Step
from crm.models import LongJob
from crm.models.long_job import WAITING, LongJobState
from crm.refusal import Refusal
from crm.services.runs import Outcome

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# A turn ends between two pieces after so long, so that other tasks get their turn too.
TURN_SECONDS = 15.0
# Begun so often without any progress, the work is given up; a person may let it go on.
MOST_ATTEMPTS = 8
REST = timedelta(seconds=30)


class LeaseIsLost(Exception):
    """Somebody else works on it now; nothing more may be written."""


class WasCancelled(Exception):
    """A person asked to stop."""


def free(now: datetime) -> Q:
    """This function will say which rows nobody holds; a lease longer than any lease is no lease."""
    length = timedelta(seconds=settings.LEASE_SECONDS)
    return Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_until__gt=now + length)


def work(*, clock: Clock) -> Outcome:
    """This function will do one turn of the work that has waited longest; `left` says that more is waiting.

    Any number of these may run at once: each takes another row, or none.
    """
    taken = _take(clock())
    if taken is None:
        return Outcome()
    job, token = taken
    failed = _turn(job, token, clock)
    return Outcome(done=1 - failed, failed=failed, left=_waiting(clock()).exists())


def _waiting(now: datetime) -> QuerySet[LongJob]:
    return LongJob.objects.filter(free(now), state__in=WAITING)


def _take(now: datetime) -> tuple[LongJob, str] | None:
    """This function will win a waiting row, or return None; rows that were cancelled or tried too often are closed."""
    token = uuid.uuid4().hex
    for pk in _waiting(now).order_by("heartbeat_at", "pk").values_list("pk", flat=True)[:20]:
        if not _win(pk, token, now):
            continue
        job = LongJob.objects.select_related("requested_by__branch").get(pk=pk)
        if job.cancel_requested_at:
            close(pk=pk, state=LongJobState.CANCELLED, now=now, token=token)
        elif job.attempts > MOST_ATTEMPTS:
            close(pk=pk, state=LongJobState.FAILED, now=now, token=token, note=gave_up())
        else:
            LongJob.objects.filter(pk=pk, started_at__isnull=True).update(started_at=now)
            return job, token
    return None


def _win(pk: int, token: str, now: datetime) -> bool:
    """This function will take the lease of a row that nobody holds; of two at once one wins."""
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    values = {"state": LongJobState.RUNNING, "lease_token": token, "lease_until": until}
    return _waiting(now).filter(pk=pk).update(**values, attempts=F("attempts") + 1) == 1


def gave_up() -> str:
    """This function will say why nobody tries again."""
    return _("处理进程连续中断，已停止；请点“继续”，仍不行请联系系统管理员。")


def _turn(job: LongJob, token: str, clock: Clock) -> int:
    """This function will work until the turn is over and return 1 if it broke; the row says how it ended."""
    kind = long_jobs.kind_of(job)
    try:
        if kind is None:
            raise Refusal(_("系统升级后不再有这类任务，请重新发起。"))
        _pieces(job, token, kind, clock)
    except LeaseIsLost:
        logger.warning("long job %s is somebody else's now", job.pk)
    except WasCancelled:
        close(pk=job.pk, state=LongJobState.CANCELLED, now=clock(), token=token)
    except Refusal as refusal:
        close(pk=job.pk, state=LongJobState.FAILED, now=clock(), token=token, note=refusal.message)
    except Exception as error:
        logger.exception("long job %s failed, it is tried again", job.pk)
        note = _("出错后会自动重试：%(error)s") % {"error": type(error).__name__}
        _held(job.pk, token).update(lease_token="", lease_until=clock() + REST, note=note)
        return 1
    return 0


def _pieces(job: LongJob, token: str, kind: Kind, clock: Clock) -> None:
    def beat(*, phase: str = "", done: int | None = None, total: int | None = None) -> None:
        _prove(job.pk, token, clock(), **_told(phase=phase, total=total))
        if done is not None:
            _held(job.pk, token).update(done=done, ok=done, failed=0, skipped=0)

    started = time.monotonic()
    beat()
    piece = kind.open(job, clock(), beat)
    cursor = job.cursor
    while True:
        step = _piece(job.pk, token, piece, cursor, clock)
        if step.finished:
            return
        cursor = step.cursor
        if time.monotonic() - started > TURN_SECONDS:
            _held(job.pk, token).update(lease_token="", lease_until=None)
            return


def _piece(pk: int, token: str, piece: Piece, cursor: dict[str, Any], clock: Clock) -> Step:
    """This function will do one piece: prove the lease, do the rows, move the cursor, in one transaction."""
    with transaction.atomic():
        now = clock()
        _prove(pk, token, now)
        step = piece(cursor, now)
        row = LongJob.objects.get(pk=pk)
        done = {
            "ok": row.ok + step.ok,
            "failed": row.failed + step.failed,
            "skipped": row.skipped + step.skipped,
        }
        _held(pk, token).update(
            cursor=step.cursor,
            **done,
            done=sum(done.values()),
            attempts=0,
            result={**row.result, **step.result},
            **_told(phase=step.phase, total=step.total, result_file=step.result_file),
        )
        if step.finished:
            close(pk=pk, state=LongJobState.DONE, now=now, token=token)
    return step


def _told(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _held(pk: int, token: str) -> QuerySet[LongJob]:
    return LongJob.objects.filter(pk=pk, lease_token=token, state=LongJobState.RUNNING)


def _prove(pk: int, token: str, now: datetime, **progress: Any) -> None:
    """This function will lengthen the lease if it is still ours, or raise; on PostgreSQL this locks the row."""
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    ours = _held(pk, token).filter(cancel_requested_at__isnull=True)
    if ours.update(lease_until=until, heartbeat_at=now, **progress):
        return
    raise WasCancelled if _held(pk, token).exists() else LeaseIsLost


def close(
    *,
    pk: int,
    state: LongJobState,
    now: datetime,
    token: str | None = None,
    only: Q | None = None,
    note: str = "",
) -> bool:
    """This function will end unfinished work that we hold, or that `only` names, and tell its kind."""
    rows = LongJob.objects.filter(only or Q(), pk=pk, state__in=WAITING)
    if token is not None:
        rows = rows.filter(lease_token=token)
    with transaction.atomic():
        if not rows.update(
            state=state, finished_at=now, heartbeat_at=now, lease_token="", lease_until=None, note=note[:300]
        ):
            return False
        job = LongJob.objects.get(pk=pk)
        kind = long_jobs.kind_of(job)
        if kind is not None:
            kind.ended(job, now)
    return True
