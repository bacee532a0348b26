"""Unrolling the days: every day after the watermark is planned once, in order, however long the machine was away."""

import logging
from datetime import date, datetime, timedelta

from crm import queue
from crm.models import JobRun
from crm.schedule import JOBS, Job
from crm.services.tick import lease
from crm.time import local_date

logger = logging.getLogger(__name__)

HORIZON = timedelta(days=7)
ONE = timedelta(days=1)


def unroll(watermark: date, *, token: str, now: datetime) -> tuple[list[date], list[str]]:
    """This function will run the per-day jobs from the watermark up to the horizon: the days done, what failed.

    The watermark moves only behind a day whose jobs all ended, so a crash or a failure is met again.
    """
    done: list[date] = []
    failed: list[str] = []
    day = watermark + ONE
    while day <= local_date(now) + HORIZON and not failed:
        failed = [job.name for job in JOBS if job.per_day and not _run(job, day, now=now)]
        if failed or not lease.write(token, watermark=day):
            break
        done.append(day)
        day += ONE
    return done, failed


def _run(job: Job, day: date, *, now: datetime) -> bool:
    """A day's run that was begun and not finished is run again: planning a day twice is the same as once."""
    slot = day.isoformat()
    run, _mine = JobRun.objects.get_or_create(
        job=job.name, slot=slot, defaults={"started_at": now, "heartbeat_at": now}
    )
    if run.finished_at is not None and not run.failed:
        return True
    JobRun.objects.filter(pk=run.pk).update(failed=0)
    try:
        queue.run_now(job.task, day=slot, run=run.pk)
    except Exception:
        logger.exception("%s of %s failed, the next tick tries again", job.name, slot)
        return False
    return True
