"""The doors of 作业: what runs by itself, how it fares, and the word that lets held messages go."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import access, rights
from crm.refusal import Refusal
from crm.schedule import JOBS, title_of
from crm.selectors import audit_seals, long_jobs, schedule
from crm.services import holds
from crm.services.tick import guards
from crm.views.long_jobs import shown
from crm.views.pages import signed_in

MOST_WORK = 20


@require_safe
@access.needs("jobs_view")
def job_list(request: HttpRequest) -> HttpResponse:
    """This function will show every periodic job with its last run, what went wrong, and whether sending is held."""
    user, now = signed_in(request), read_clock()
    latest = schedule.latest_runs()
    health = schedule.health(now=now)
    state = health.state
    context = {
        "now": now,
        "state": state,
        "health": health,
        "unsealed": audit_seals.tail(now=now),
        "rows": [{"job": job, "run": latest.get(job.name)} for job in JOBS],
        "troubled": [{"title": title_of(run.job), "run": run} for run in schedule.troubled_runs(now=now)],
        "work": [
            shown(job, user, now) for job in long_jobs.newest(access.visible_long_jobs(user), MOST_WORK)
        ],
        "waiting": guards.waiting_for_customers(now) if state and state.held_since else 0,
        "may_resume": rights.may(user, "jobs_resume"),
        "crumbs": [(_("作业"), "")],
    }
    return render(request, "crm/jobs/list.html", context)


@require_POST
@access.needs("jobs_resume")
def job_resume(request: HttpRequest) -> HttpResponse:
    """This function will let held messages go; pressed twice it says that nothing is held."""
    try:
        holds.resume(by=signed_in(request), now=read_clock())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("已恢复对客户的发送。"))
    return redirect("crm:job-list")
