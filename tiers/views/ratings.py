"""The doors of 评定: begin a rating, look at what it found, hand it in, decide, set aside, correct."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access
from crm.models import User
from crm.refusal import Refusal
from crm.time import local_date
from crm.views.long_jobs import shown
from crm.views.pages import REFUSED, signed_in
from crm.views.proposals import decide
from tiers.forms.ratings import OpinionForm, RatingForm
from tiers.models import RatingRow, RatingRun, RatingSubmission
from tiers.models.run import RunState
from tiers.selectors import ratings
from tiers.services import rating

RIGHT = "rating_run"
SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(RIGHT)
def rating_list(request: HttpRequest) -> HttpResponse:
    """This function will list the ratings and begin a new one."""
    now, user = read_clock(), signed_in(request)
    form = RatingForm(request.POST or None, initial={"year": local_date(now).year - 1})
    if request.method == "POST" and form.is_valid():
        try:
            run = rating.request(year=form.cleaned_data["year"], by=user, now=now)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已开始评定，算完后在这里核对。"))
            return redirect("tiers:rating-detail", run.pk)
    context = {"form": form, "runs": ratings.runs()[:SHOWN], "now": now, "crumbs": [(_("评定"), "")]}
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "tiers/ratings/list.html", context, status=status)


@require_safe
@access.needs(RIGHT)
def rating_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show a run: progress, places, movements, one cut line, problems, and what may be done."""
    return _page(request, _run(pk))


@require_POST
@access.needs(RIGHT)
def rating_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will hand a computed run in."""
    run, form = _run(pk), OpinionForm(request.POST)
    if not form.is_valid():
        return _page(request, run, form=form)
    try:
        rating.submit(run=run, by=signed_in(request), now=read_clock(), **form.told())
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, run, form=form)
    messages.success(request, _("已提交，请另一位总公司管理员核对并批准。"))
    return redirect("tiers:rating-detail", pk)


@require_POST
@access.needs(RIGHT)
def rating_decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """This function will approve, send back or withdraw a list that was handed in."""
    row, by, now = get_object_or_404(RatingSubmission, pk=pk), signed_in(request), read_clock()
    try:
        sentence = decide(
            act,
            row,
            confirm=lambda: _approve(row, by, now),
            reason=request.POST.get("reason", ""),
            by=by,
            now=now,
        )
    except Refusal as refusal:
        return _page(request, _run(row.run_id), refused=refusal.message)
    messages.success(request, sentence)
    return redirect("tiers:rating-detail", row.run_id)


@require_POST
@access.needs(RIGHT)
def rating_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """This function will set a run aside, or begin the run that corrects it."""
    run, by, now = _run(pk), signed_in(request), read_clock()
    try:
        if act == "discard":
            rating.discard(run=run, by=by, now=now)
            messages.success(request, _("已作废。"))
            return redirect("tiers:rating-list")
        if act != "correct":
            raise Http404
        new = rating.request(year=run.year, by=by, now=now, corrects=run)
    except Refusal as refusal:
        return _page(request, run, refused=refusal.message)
    messages.success(request, _("已开始更正评定，发布后代替原名单。"))
    return redirect("tiers:rating-detail", new.pk)


@require_safe
@access.needs(RIGHT)
def rating_row(request: HttpRequest, pk: int, customer: int) -> HttpResponse:
    """This function will explain one customer's result on one page: inputs, coefficients, score, rank, rule."""
    rows = RatingRow.objects.select_related("customer", "branch", "seat", "run")
    row = get_object_or_404(rows, run=pk, customer=customer)
    title = _("%(year)d 年度评定") % {"year": row.run.year}
    context = {
        "row": row,
        "run": row.run,
        "place": ratings.place_of(row),
        "crumbs": [
            _crumb(),
            (title, reverse("tiers:rating-detail", args=[pk])),
            (row.customer.shown_name, ""),
        ],
    }
    return render(request, "tiers/ratings/row.html", context)


@require_POST
@access.needs(RIGHT)
def rating_export(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will hand out the report of a computed run as a workbook."""
    run = get_object_or_404(ratings.runs(), pk=pk, state__in=(RunState.COMPUTED, RunState.PUBLISHED))
    content = rating.report(run=run, by=signed_in(request), now=read_clock())
    name = _("评定报告-%(year)d-%(pk)d.xlsx") % {"year": run.year, "pk": run.pk}
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _approve(row: RatingSubmission, by: User, now: datetime) -> str:
    run = rating.approve(submission=row, by=by, now=now)
    return _("名单已发布，自 %(day)s 起生效。") % {"day": run.effective_from}


def _run(pk: int) -> RatingRun:
    return get_object_or_404(ratings.runs(), pk=pk)


def _page(
    request: HttpRequest, run: RatingRun, *, form: OpinionForm | None = None, refused: str = ""
) -> HttpResponse:
    user, now = signed_in(request), read_clock()
    handed_in = ratings.submissions(run)
    waiting = next((one for one in handed_in if not one.decision), None)
    context: dict[str, Any] = {
        "run": run,
        "now": now,
        "form": form or OpinionForm(),
        "refused": refused,
        "draft": waiting,
        "own": waiting is not None and waiting.submitted_by_id == user.pk,
        "submissions": handed_in,
        "job": shown(run.job, user, now) if run.job and run.state == RunState.COMPUTING else None,
        "crumbs": [_crumb(), (_("%(year)d 年度评定") % {"year": run.year}, "")],
    }
    if run.state in (RunState.COMPUTED, RunState.PUBLISHED):
        context |= _found(run, request.GET.get("list", "0"))
    status = REFUSED if refused or (form is not None and form.errors) else 200
    return render(request, "tiers/ratings/detail.html", context, status=status)


def _found(run: RatingRun, wanted: str) -> dict[str, Any]:
    """This function will gather what a computed run found, with the cut of the list that is asked for."""
    places = ratings.lists(run)
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 and int(wanted) < len(places) else 0
    line = ratings.line(run, places[number])
    changed = ratings.changes(run)
    return {
        "places": places,
        "number": number,
        "line": line,
        "curve": ratings.curve(ratings.scores(run, places[number]), places[number].taken),
        "decided_by": ratings.CRITERIA_WORDS.get(line.decided_by, ""),
        "levels": ratings.LEVELS,
        "movements": ratings.movements(run),
        "problems": ratings.problems(run),
        "doubles": ratings.doubles(run),
        "changed": changed[:SHOWN],
        "changed_count": changed.count(),
        "shown": SHOWN,
    }


def _crumb() -> tuple[str, str]:
    return (_("评定"), reverse("tiers:rating-list"))
