"""The doors of closing a branch: fill in, look at who would move, hand in, decide."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access, registry
from crm.forms.closures import ClosureForm
from crm.models import BranchClosure, User
from crm.refusal import Refusal
from crm.selectors import calendar_years, calendars
from crm.services import closures
from crm.views.pages import REFUSED, signed_in
from crm.views.proposals import decided, handed_in, is_handed_in

RECENT = 20


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("calendar_publish")
def closure_list(request: HttpRequest) -> HttpResponse:
    """This function will list closures and take a new one: shown with what it would do, then handed in.

    Nothing is kept between the two: the same form travels twice, the second time with `act=submit`.
    """
    form = ClosureForm(request.POST or None)
    draft: BranchClosure | None = None
    if request.method == "POST" and form.is_valid():
        try:
            draft = closures.propose(**form.told())
            if is_handed_in(request):
                row = closures.submit(draft=draft, by=signed_in(request), now=read_clock())
                return handed_in(request, row, "crm:closure")
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            draft = None
    context = {
        "now": read_clock(),
        "form": form,
        "draft": draft,
        **(_effect(draft) if draft else {}),
        "waiting": calendar_years.open_closures(),
        "decided": calendar_years.closures()[:RECENT],
        "section": "calendar",
        "crumbs": [*_crumbs(), (_("机构停业"), "")],
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "crm/closures/list.html", context, status=status)


@require_safe
@access.needs("calendar_publish")
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show a proposed closure, what it would do, and what may be done with it."""
    return _page(request, _found(pk))


@require_POST
@access.needs("calendar_publish")
def closure_decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """This function will confirm, send back or withdraw a proposed closure."""
    return decided(
        request, act, found=lambda: _found(pk), confirm=_confirm, page=_page, address="crm:closure"
    )


def _confirm(row: BranchClosure, by: User, now: datetime) -> str:
    _row, effect = closures.confirm(draft=row, by=by, now=now)
    if not effect.moved:
        return _("已生效，没有承诺改期。")
    return _("已生效，%(n)d 个承诺改期，已告知责任人。") % {"n": effect.moved}


def _effect(row: BranchClosure) -> dict[str, Any]:
    """Which of the days count, and who would move."""
    would = calendars.with_closure(row)
    return {
        "days": calendars.days_changed(row),
        "impact": registry.calendar_impact(would, row.branch, firm=row.recount),
    }


def _found(pk: int) -> BranchClosure:
    row = calendar_years.closure(pk)
    if row is None:
        raise Http404
    return row


def _page(request: HttpRequest, row: BranchClosure, refused: str = "") -> HttpResponse:
    context = {
        "now": read_clock(),
        "draft": row,
        **(_effect(row) if not row.decision else {}),
        "own": row.submitted_by_id == signed_in(request).pk,
        "refused": refused,
        "section": "calendar",
        "crumbs": [*_crumbs(), (_("机构停业"), reverse("crm:closures")), (row.branch.name, "")],
    }
    return render(request, "crm/closures/detail.html", context, status=REFUSED if refused else 200)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("日历"), reverse("crm:calendar"))]
