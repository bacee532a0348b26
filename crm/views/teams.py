"""The doors of 服务团队: who serves a customer, seating a colleague, changing a seat, clearing it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access, log_lines, rights
from crm.forms.teams import NewSeat, SeatEdit, edit_form
from crm.models import Customer
from crm.refusal import Refusal
from crm.selectors import teams as read
from crm.services import form_tokens, stamps, teams
from crm.views.pages import REFUSED, below_customer, page_or_part, signed_in

FIELD_OF: dict[type[Refusal], str] = {
    teams.CannotSit: "user",
    teams.DutyIsMissing: "duty",
    teams.HasADeputy: "kind",
}


@require_safe
@access.needs("customer_view")
def customer_team(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show who serves a customer in which seat, what the team lacks, and how it changed."""
    user = signed_in(request)
    customer = access.customer(user, pk)
    seats = read.seats_of(customer)
    context = {
        "customer": customer,
        "title": _("服务团队"),
        "seats": seats,
        "missing": read.missing(seats),
        "lines": log_lines.of(read.history(customer)),
        "may_edit": access.may_edit(user, customer),
        "may_transfer": rights.may(user, "customer_transfer"),
        "crumbs": below_customer(customer, _("服务团队")),
        "part": "crm/customers/_team.html",
    }
    return page_or_part(request, page="crm/customers/tab.html", part=str(context["part"]), context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_edit")
def seat_new(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will seat a colleague in a customer's team; a double submit seats once."""
    user = signed_in(request)
    customer = access.customer_to_edit(user, pk)
    if request.method != "POST":
        return _page(request, customer, NewSeat(customer=customer), token=str(uuid.uuid4()))
    form, token = NewSeat(request.POST, customer=customer), request.POST.get("token", "")
    if form.is_valid():
        now = read_clock()

        def sit() -> str:
            teams.seat(customer=customer, by=user, now=now, **form.cleaned_data)
            return _address(pk)

        try:
            address = form_tokens.once(token=token, user=user, now=now, act=sit)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), refusal.message)
        else:
            messages.success(request, _("服务团队已调整。"))
            return redirect(address)
    return _page(request, customer, form, token=token, status=REFUSED)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_edit")
def seat_edit(request: HttpRequest, pk: int, seat_pk: int) -> HttpResponse:
    """This function will change what somebody is or does in a team, if nobody else did since the form was opened."""
    user = signed_in(request)
    customer = access.customer_to_edit(user, pk)
    seat = access.seat(user, pk, seat_pk)
    posted = request.method == "POST"
    form = edit_form(seat, request.POST if posted else None)
    if posted and form.is_valid():
        try:
            teams.change(
                seat=seat,
                seen=request.POST.get("seen", ""),
                by=user,
                now=read_clock(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), refusal.message)
        else:
            messages.success(request, _("服务团队已调整。"))
            return redirect(_address(pk))
    context = {"seat": seat, "seen": stamps.of(seat)}
    return _page(request, customer, form, status=REFUSED if posted else 200, **context)


@require_POST
@access.needs("customer_edit")
def seat_clear(request: HttpRequest, pk: int, seat_pk: int) -> HttpResponse:
    """This function will take somebody out of a team; a second click says that the seat is empty."""
    user = signed_in(request)
    access.customer_to_edit(user, pk)
    seat = access.seat(user, pk, seat_pk)
    teams.clear(seat=seat, by=user, now=read_clock())
    messages.success(request, _("%(name)s 已不在服务团队，名下的工单和承诺不变。") % {"name": seat.user.name})
    return redirect(_address(pk))


def _address(pk: int) -> str:
    return f"{reverse('crm:customer-detail', args=[pk])}?tab=team"


def _page(
    request: HttpRequest, customer: Customer, form: SeatEdit, status: int = 200, **more: object
) -> HttpResponse:
    title = _("调整成员") if "seat" in more else _("安排成员")
    context = {
        "form": form,
        "customer": customer,
        "title": title,
        "back": _address(customer.pk),
        "crumbs": below_customer(customer, title),
        **more,
    }
    page, part = "crm/teams/seat.html", "crm/teams/_seat.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)
