"""The doors of 往来: a customer's timeline, 记一笔 on it, and correcting what was written."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import access
from crm.forms.touchpoints import Correction, NewTouchpoint
from crm.models import Customer, User
from crm.refusal import Refusal
from crm.selectors import timeline as read
from crm.selectors.touchpoints import is_own, may_correct
from crm.services import form_tokens, stamps, touchpoints
from crm.timeline import sources_for
from crm.views.pages import REFUSED, below_customer, is_htmx, page_or_part, signed_in

FIELD_OF = {
    touchpoints.HappensInFuture: "happened_at",
    touchpoints.SummaryMissing: "summary",
    touchpoints.ContactOfAnother: "contact",
    touchpoints.CorrectionNeedsReason: "reason",
}


@require_safe
@access.needs("customer_view")
def customer_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show what happened with a customer, newest first; `?kind=` keeps one kind, `?after=` goes on."""
    user = signed_in(request)
    return _timeline(request, user, access.customer(user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("touchpoint_record")
def touchpoint_new(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will write down one contact with a customer; a double submit writes one."""
    user = signed_in(request)
    customer = access.customer(user, pk)
    if request.method != "POST":
        empty = NewTouchpoint(customer=customer, initial={"happened_at": read_clock()})
        return _timeline(request, user, customer, form=empty)
    form, now = NewTouchpoint(request.POST, customer=customer), read_clock()
    if form.is_valid():
        address = f"{reverse('crm:customer-detail', args=[pk])}?tab=timeline"

        def record() -> str:
            touchpoints.record(customer=customer, by=user, now=now, **form.details())
            return address

        try:
            form_tokens.once(token=request.POST.get("token", ""), user=user, now=now, act=record)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), refusal.message)
        else:
            messages.success(request, _("已记下。"))
            return redirect(address)
    return _timeline(request, user, customer, form=form, status=REFUSED)


def _timeline(
    request: HttpRequest,
    user: User,
    customer: Customer,
    *,
    form: NewTouchpoint | None = None,
    status: int = 200,
) -> HttpResponse:
    now, sources = read_clock(), sources_for(user)
    kind = request.GET.get("kind", "")
    chosen = [source for source in sources if source.key == kind] or sources
    after = read.place_of(request.GET.get("after", ""))
    lines, following = read.page(customer, chosen, user=user, now=now, after=after)
    kept = {"kind": kind} if len(chosen) == 1 else {}
    context: dict[str, Any] = {
        "customer": customer,
        "title": _("记一笔") if form else _("往来"),
        "sources": sources,
        "kind": kept.get("kind", ""),
        "lines": lines,
        "more": urlencode(kept | {"after": str(following)}) if following else "",
        "following": after is not None,
        "address": reverse("crm:customer-timeline", args=[customer.pk]),
        "form": form,
        "writing": form is not None,
        "token": request.POST.get("token") or str(uuid.uuid4()),
        "back": f"{reverse('crm:customer-detail', args=[customer.pk])}?tab=timeline",
        "crumbs": below_customer(customer, _("记一笔") if form else _("往来")),
        "part": "crm/customers/_timeline.html",
    }
    part = "crm/customers/_timeline_rows.html" if after is not None and is_htmx(request) else context["part"]
    return page_or_part(request, page="crm/customers/tab.html", part=part, context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("touchpoint_record")
def touchpoint_edit(request: HttpRequest, pk: int, touchpoint_pk: int) -> HttpResponse:
    """This function will correct a touchpoint: its writer for a day, then a manager who says why."""
    user, now = signed_in(request), read_clock()
    row = access.touchpoint(user, pk, touchpoint_pk)
    if not may_correct(user, row, now):
        raise touchpoints.NotYoursToCorrect(
            _("记录满 24 小时后，或不是自己写的，由机构管理者更正，请联系他们并说明理由。")
        )
    asked = not is_own(user, row, now)
    posted = request.method == "POST"
    form = Correction(request.POST if posted else None, touchpoint=row, needs_reason=asked)
    address = f"{reverse('crm:customer-detail', args=[pk])}?tab=timeline"
    if posted and form.is_valid():
        try:
            touchpoints.correct(
                touchpoint=row,
                by=user,
                now=now,
                seen=request.POST.get("seen", ""),
                reason=form.cleaned_data.get("reason", ""),
                **form.details(),
            )
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), refusal.message)
        else:
            messages.success(request, _("往来记录已更正。"))
            return redirect(address)
    context = {
        "form": form,
        "touchpoint": row,
        "customer": row.customer,
        "seen": stamps.of(row),
        "standing": _standing(request, row.summary, stamps.of(row)),
        "address": address,
        "crumbs": below_customer(row.customer, _("更正往来记录")),
    }
    page, part = "crm/touchpoints/edit.html", "crm/touchpoints/_edit_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if posted else 200)


def _standing(request: HttpRequest, summary: str, stamp: str) -> list[tuple[str, str]]:
    """This function will say what stands now where somebody else was faster."""
    stale = request.method == "POST" and request.POST.get("seen", "") != stamp
    return [(_("说了什么"), summary)] if stale else []
