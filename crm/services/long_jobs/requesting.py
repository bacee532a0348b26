"""What people may do to long work: ask for it, cancel it, let it go on."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import long_jobs, queue
from crm.models import LongJob, User
from crm.models.long_job import WAITING, LongJobState
from crm.refusal import Refusal
from crm.services import audit
from crm.services.long_jobs.working import close, free

KEPT = timedelta(days=90)


class CannotBeCancelled(Refusal):
    """The work has already ended."""


class CannotBeResumed(Refusal):
    """The work runs, is done, or is of a kind that begins anew."""


def request(
    *,
    kind: str,
    title: str,
    by: User | None,
    now: datetime,
    key: str = "",
    params: dict[str, Any] | None = None,
    total: int = 0,
) -> LongJob:
    """This function will queue long work and return its row.

    While work of the same kind and key is unfinished, that row is returned instead.
    """
    try:
        with transaction.atomic():
            job = LongJob.objects.create(
                kind=kind,
                title=title[:120],
                key=key,
                params=params or {},
                total=total,
                requested_by=by,
                requested_at=now,
                heartbeat_at=now,
            )
            _log("requested", job, by, now)
    except IntegrityError:
        return LongJob.objects.get(kind=kind, key=key, state__in=WAITING)
    nudge()
    return job


def cancel(*, pk: int, by: User, now: datetime) -> None:
    """This function will end work that nobody holds, or ask who holds it to stop after the piece in hand.

    What is done stays. Asking twice is the same as once; raises CannotBeCancelled where it has ended.
    """
    with transaction.atomic():
        asked = LongJob.objects.filter(pk=pk, state__in=WAITING, cancel_requested_at__isnull=True)
        if asked.update(cancel_requested_at=now):
            job = LongJob.objects.get(pk=pk)
            _log("cancelled", job, by, now)
        job = LongJob.objects.get(pk=pk)
        if not job.waiting:
            if job.state == LongJobState.CANCELLED:
                return
            raise CannotBeCancelled(_("这项任务已经结束，不能再取消。"))
        close(pk=pk, state=LongJobState.CANCELLED, now=now, only=free(now))


def resume(*, pk: int, by: User, now: datetime) -> None:
    """This function will queue failed or cancelled work again; it goes on where it stopped."""
    with transaction.atomic():
        job = LongJob.objects.get(pk=pk)
        kind = long_jobs.kind_of(job)
        stopped = LongJob.objects.filter(pk=pk, state__in=(LongJobState.FAILED, LongJobState.CANCELLED))
        if kind is None or not kind.may_resume or not stopped.exists():
            raise CannotBeResumed(_("这项任务不能继续：它正在进行、已经完成，或需要重新发起。"))
        try:
            with transaction.atomic():
                won = stopped.update(
                    state=LongJobState.QUEUED,
                    cancel_requested_at=None,
                    finished_at=None,
                    lease_until=None,
                    heartbeat_at=now,
                    attempts=0,
                    note="",
                )
        except IntegrityError as error:
            raise CannotBeResumed(_("同一件事已有一项任务在进行，请等它结束。")) from error
        if won:
            _log("resumed", job, by, now)
    nudge()


def nudge() -> None:
    """This function will have waiting work looked at soon; a lost nudge costs a minute."""
    queue.run_soon("crm.work_on_jobs")


def forget(*, now: datetime) -> int:
    """This function will delete rows of work that ended ninety days ago and return how many."""
    return LongJob.objects.filter(finished_at__lt=now - KEPT).delete()[0]


def _log(act: str, job: LongJob, by: User | None, now: datetime) -> None:
    audit.log(
        action=f"crm.long_job.{act}",
        subject=job,
        by=by,
        now=now,
        after={"kind": job.kind, "title": job.title, "done": job.done, "total": job.total},
    )
