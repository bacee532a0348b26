"""The doors of importing a holiday notice: preview what it says and who would move, hand in, decide."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access, registry
from crm.forms.calendars import NoticeForm
from crm.models import CalendarDraft, User
from crm.refusal import Refusal
from crm.selectors import calendar_years, calendars
from crm.services import calendar_drafts
from crm.time.notice_reading import read_any
from crm.time.notice_text import Reading
from crm.time.notices import missing_statutory_days
from crm.views.pages import REFUSED, signed_in
from crm.views.proposals import decided, handed_in, is_handed_in


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("calendar_publish")
def calendar_import(request: HttpRequest) -> HttpResponse:
    """This function will read a notice and show what it says; posted again with `act=submit` it is handed in.

    Nothing is kept between the two: the same text travels twice.
    """
    posted = request.method == "POST"
    form = NoticeForm(request.POST, request.FILES) if posted else NoticeForm()
    reading: Reading | None = None
    if posted and form.is_valid():
        text, address = form.cleaned_data["text"], form.cleaned_data["address"]
        reading = read_any(text, address)
        if is_handed_in(request):
            try:
                draft = calendar_drafts.submit(
                    text=text,
                    address=address,
                    recount=form.cleaned_data["recount"],
                    by=signed_in(request),
                    now=read_clock(),
                )
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                return handed_in(request, draft, "crm:calendar-draft")
    refused = bool(form.errors or (reading and reading.problems))
    context = {
        **_shown(reading),
        "now": read_clock(),
        "form": form if form.errors or reading is None else NoticeForm(initial=form.cleaned_data),
        "kept": form.cleaned_data if reading else None,
        "drafts": calendar_years.open_drafts(),
        "decided": calendar_years.decided_drafts(),
        "section": "calendar",
        "crumbs": [*_crumbs(), (_("导入放假通知"), "")],
    }
    return render(request, "crm/calendars/import.html", context, status=REFUSED if refused else 200)


@require_safe
@access.needs("calendar_publish")
def calendar_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show a handed-in notice as it reads, who would move, and what may be done."""
    draft = _draft(pk)
    return _draft_page(request, draft)


@require_POST
@access.needs("calendar_publish")
def calendar_decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """This function will confirm, send back or withdraw a handed-in notice."""
    return decided(
        request,
        act,
        found=lambda: _draft(pk),
        confirm=_confirm,
        page=_draft_page,
        address="crm:calendar-draft",
    )


def _confirm(draft: CalendarDraft, by: User, now: datetime) -> str:
    _row, effect = calendar_drafts.confirm(draft=draft, by=by, now=now)
    told = {"year": draft.year, "settled": effect.counted, "moved": effect.moved}
    if not effect.counted:
        return _("%(year)s 年放假通知已生效，没有承诺需要重算。") % told
    if not effect.moved:
        return _("%(year)s 年放假通知已生效，重算 %(settled)s 个承诺，到期日都不变。") % told
    return (
        _("%(year)s 年放假通知已生效，重算 %(settled)s 个承诺，其中 %(moved)s 个改期，已告知责任人。") % told
    )


def _draft(pk: int) -> CalendarDraft:
    draft = calendar_years.draft(pk)
    if draft is None:
        raise Http404
    return draft


def _draft_page(request: HttpRequest, draft: CalendarDraft, refused: str = "") -> HttpResponse:
    reading = read_any(draft.text, draft.address)
    context = {
        **_shown(reading, impact=not draft.decision, firm=draft.recount),
        "now": read_clock(),
        "draft": draft,
        "unreadable": reading.notice is None,
        "own": draft.submitted_by_id == signed_in(request).pk,
        "refused": refused,
        "section": "calendar",
        "crumbs": [
            *_crumbs(),
            (_("导入放假通知"), reverse("crm:calendar-import")),
            (_("%(year)s 年") % {"year": draft.year}, ""),
        ],
    }
    return render(request, "crm/calendars/draft.html", context, status=REFUSED if refused else 200)


def _shown(reading: Reading | None, *, impact: bool = True, firm: bool = False) -> dict[str, Any]:
    """What a page shows of a reading: its days, the law's days that it lacks, and who would move."""
    if reading is None or reading.notice is None:
        return {"reading": reading}
    current = calendars.current()
    return {
        "reading": reading,
        "missing": missing_statutory_days(reading.notice),
        "replaces": impact and current.is_published(reading.notice.year),
        "orphaned": [day for day in reading.carried if not current.is_published(day.date.year)],
        "impact": registry.calendar_impact(calendars.candidate(reading), firm=firm) if impact else None,
    }


def _crumbs() -> list[tuple[str, str]]:
    return [(_("日历"), reverse("crm:calendar"))]
