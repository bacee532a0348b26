"""The doors of changing a standard: fill in, look at what it would do, hand in, decide."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access
from crm.models import User
from crm.refusal import Refusal
from crm.views.pages import REFUSED, signed_in
from crm.views.proposals import decided, handed_in, is_handed_in
from crm.words import instant_words
from servicing.catalogue import Entry, entry_of
from servicing.forms.standards import ChangeForm
from servicing.models import ServiceStandard, StandardDraft
from servicing.models.standard import Authority
from servicing.selectors import standard_drafts as selectors
from servicing.selectors import standards
from servicing.services import standard_drafts as services

RIGHT = "standard_publish"


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(RIGHT)
def standard_change(request: HttpRequest, code: str) -> HttpResponse:
    """This function will take a change and show what it would do; posted with `act=submit` it is handed in.

    Nothing is kept between the two: the same form travels twice. `act=edit` goes back to the filled form.
    """
    base = _base(request, code)
    if base.authority == Authority.STATUTORY:
        messages.error(request, _("法定上限随产品更新，不能自行修改；请修改公司承诺。"))
        return redirect("servicing:standard-detail", code)
    if request.method != "POST":
        waiting = selectors.open_drafts(code)
        if waiting:
            messages.info(request, _("这条标准已有一份修改等待确认，请先处理这一份。"))
            return redirect("servicing:standard-draft", waiting[0].pk)
        return _change_page(request, base, ChangeForm(base))
    form = ChangeForm(base, request.POST)
    if not form.is_valid():
        return _change_page(request, base, form, refused=True)
    if request.POST.get("act") == "edit":
        return _change_page(request, base, form)
    try:
        if is_handed_in(request):
            return _hand_in(request, base, form)
        entry = services.check(
            base=base, change=form.change(), active_from=form.active_from(), now=read_clock()
        )
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _change_page(request, base, form, refused=True)
    return _change_page(request, base, form, entry=entry)


@require_safe
@access.needs(RIGHT)
def standard_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show a proposed change, what it would do, and what may be done with it."""
    return _draft_page(request, _draft(pk))


@require_POST
@access.needs(RIGHT)
def standard_decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """This function will confirm, send back or withdraw a proposed change."""
    return decided(
        request,
        act,
        found=lambda: _draft(pk),
        confirm=_confirm,
        page=_draft_page,
        address="servicing:standard-draft",
    )


def _hand_in(request: HttpRequest, base: ServiceStandard, form: ChangeForm) -> HttpResponse:
    draft = services.submit(
        base=base,
        change=form.change(),
        active_from=form.active_from(),
        reason=form.cleaned_data["reason"],
        by=signed_in(request),
        now=read_clock(),
    )
    return handed_in(request, draft, "servicing:standard-draft")


def _confirm(draft: StandardDraft, by: User, now: datetime) -> str:
    row = services.confirm(draft=draft, by=by, now=now).published
    assert row is not None
    told = {"code": row.code, "n": row.version, "at": instant_words(row.active_from)}
    if row.active_from > now:
        return _("“%(code)s”第 %(n)d 版已发布，将于 %(at)s 生效。在办的承诺不变。") % told
    return _("“%(code)s”第 %(n)d 版已生效，此后登记的承诺按新版本。在办的承诺不变。") % told


def _base(request: HttpRequest, code: str) -> ServiceStandard:
    """This function will give the version that the form was filled from, the newest where it is just opened."""
    number = request.POST.get("version", "")
    known = number.isdecimal() and len(number) < 6
    base = standards.version(code, int(number)) if known else standards.newest(code)
    if base is None:
        raise Http404
    return base


def _draft(pk: int) -> StandardDraft:
    draft = selectors.draft(pk)
    if draft is None:
        raise Http404
    return draft


def _change_page(
    request: HttpRequest,
    base: ServiceStandard,
    form: ChangeForm,
    *,
    entry: Entry | None = None,
    refused: bool = False,
) -> HttpResponse:
    context = {
        "now": read_clock(),
        "base": base,
        "form": form,
        "entry": entry,
        "active_from": form.active_from() if entry else None,
        "preview": selectors.preview(signed_in(request), base, entry) if entry else None,
        "section": "standards",
        "crumbs": [*_crumbs(base), (_("修改标准"), "")],
    }
    status = REFUSED if refused else 200
    return render(request, "servicing/standards/change.html", context, status=status)


def _draft_page(request: HttpRequest, draft: StandardDraft, refused: str = "") -> HttpResponse:
    user, now = signed_in(request), read_clock()
    entry = selectors.change_of(draft).applied_to(entry_of(draft.base))
    context = {
        "now": now,
        "draft": draft,
        "base": draft.base,
        "preview": selectors.preview(user, draft.base, entry),
        "active_from": draft.published.active_from if draft.published else draft.active_from,
        "late": bool(not draft.decision and draft.active_from and draft.active_from <= now),
        "own": draft.submitted_by_id == user.pk,
        "open": not draft.decision,
        "obstacle": "" if draft.decision else services.obstacle(draft, now=now),
        "refused": refused,
        "section": "standards",
        "crumbs": [*_crumbs(draft.base), (_("修改"), "")],
    }
    return render(request, "servicing/standards/draft.html", context, status=REFUSED if refused else 200)


def _crumbs(base: ServiceStandard) -> list[tuple[str, str]]:
    return [
        (_("标准目录"), reverse("servicing:standard-list")),
        (base.name, reverse("servicing:standard-detail", args=[base.code])),
    ]
