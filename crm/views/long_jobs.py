"""The doors of 后台任务: how far long work has come, cancelling it, letting it go on."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import access, long_jobs, rights
from crm.models import LongJob, User
from crm.models.long_job import LongJobState
from crm.refusal import Refusal
from crm.services import long_jobs as work
from crm.views.pages import is_htmx, signed_in
from crm.words import span

# The answer after which htmx asks no more.
STOP_POLLING = 286
STOPPED = (LongJobState.FAILED, LongJobState.CANCELLED)


def shown(job: LongJob, user: User, now: datetime) -> dict[str, Any]:
    """This function will gather what the progress fragment shows of one job; it asks the database nothing."""
    kind = long_jobs.kind_of(job)
    left = job.left(now)
    steers = access.may_steer(user, job)
    return {
        "row": job,
        "kind": long_jobs.title_of(job.kind),
        "quiet": job.quiet(now),
        "left": span(left) if left else "",
        "url": kind.url(job, user) if kind else "",
        "may_cancel": steers and job.waiting and job.cancel_requested_at is None,
        "may_resume": steers and job.state in STOPPED and kind is not None and kind.may_resume,
    }


@require_safe
@access.needs("workbench")
def long_job(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show one job; asked by htmx it answers the progress alone, with 286 once the job ended.

    The page around the progress shows the result, so it is loaded anew at the end.
    """
    user, now = signed_in(request), read_clock()
    job = access.long_job(user, pk)
    context = {"job": shown(job, user, now), "now": now, "crumbs": _crumbs(job, user)}
    if not is_htmx(request):
        return render(request, "crm/long_jobs/detail.html", context)
    answer = render(request, "crm/long_jobs/_progress.html", context)
    if not job.waiting:
        answer.status_code = STOP_POLLING
        answer["HX-Refresh"] = "true"
    return answer


def _crumbs(job: LongJob, user: User) -> list[tuple[str, str]]:
    up = reverse("crm:job-list") if rights.may(user, "jobs_view") else ""
    return [(_("作业"), up), (job.title, "")]


@require_POST
@access.needs("workbench")
def long_job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will stop a job after the piece in hand; what is done stays."""
    user = signed_in(request)
    job = access.long_job_to_steer(user, pk)
    try:
        work.cancel(pk=job.pk, by=user, now=read_clock())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("已要求取消：处理完手上的一小批就停，已完成的部分保留。"))
    return redirect(_after(job, user))


@require_POST
@access.needs("workbench")
def long_job_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will let a failed or cancelled job go on where it stopped."""
    user = signed_in(request)
    job = access.long_job_to_steer(user, pk)
    try:
        work.resume(pk=job.pk, by=user, now=read_clock())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("已排队，将从停下的地方继续。"))
    return redirect(_after(job, user))


def _after(job: LongJob, user: User) -> str:
    """This function will lead back to the page of the work's own subject, or to the job's."""
    kind = long_jobs.kind_of(job)
    return (kind.url(job, user) if kind else "") or reverse("crm:long-job", args=[job.pk])
