"""The doors of 代班: who acts for me or for somebody I manage, from when to when; ending it early."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm import access
from crm.forms.stand_ins import StandInForm
from crm.models import User
from crm.refusal import Refusal
from crm.selectors import stand_ins as read
from crm.services import form_tokens, stand_ins
from crm.time import local_date
from crm.views.pages import REFUSED, page_or_part, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("stand_in")
def stand_in_list(request: HttpRequest) -> HttpResponse:
    """This function will show who stands in for me and for whom I do, and let me lend my work."""
    crumbs = [(_("我的账号"), reverse("crm:account")), (_("代班"), "")]
    return _answer(request, signed_in(request), reverse("crm:stand-ins"), crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("people_manage")
def person_stand_ins(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will let a manager name who stands in for somebody, e.g. for a person who fell ill."""
    person = access.staff_member(signed_in(request), pk)
    crumbs = [
        (_("机构与人员"), reverse("crm:person-list")),
        (person.name, reverse("crm:person-detail", args=[pk])),
        (_("代班"), ""),
    ]
    return _answer(request, person, reverse("crm:person-stand-ins", args=[pk]), crumbs)


@require_POST
@access.needs("stand_in")
def stand_in_end(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will end a stand-in early; a second click says that it is over."""
    user = signed_in(request)
    row = access.stand_in(user, pk)
    try:
        stand_ins.end(row=row, by=user, now=read_clock())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("代班已结束，双方都会收到通知。"))
    if row.person_id == user.pk:
        return redirect("crm:stand-ins")
    return redirect("crm:person-stand-ins", row.person_id)


def _answer(request: HttpRequest, person: User, address: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    now, posted = read_clock(), request.method == "POST"
    form = StandInForm(request.POST if posted else None, person=person)
    token = request.POST.get("token", "") if posted else str(uuid.uuid4())
    if posted and form.is_valid():

        def begin() -> str:
            stand_ins.begin(person=person, by=signed_in(request), now=now, **form.told())
            return address

        try:
            address = form_tokens.once(token=token, user=signed_in(request), now=now, act=begin)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("代班已登记，双方都会收到通知。"))
            return redirect(address)
    today = local_date(now)
    context = {
        "person": person,
        "himself": person.pk == signed_in(request).pk,
        "form": form,
        "token": token,
        "address": address,
        "today": today,
        "rows": read.of(person),
        "taken_on": read.taken_on(person, today=today),
        "crumbs": crumbs,
    }
    return page_or_part(
        request,
        page="crm/stand_ins/list.html",
        part="crm/stand_ins/_form.html",
        context=context,
        status=REFUSED if posted else 200,
    )
