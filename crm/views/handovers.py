"""The doors of 批量转移 and 交接记录: choose, look at what would happen, confirm; and what was handed over."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm import access, rights
from crm.forms.handovers import HandoverForm, WhoHandsOver
from crm.models import Customer, User
from crm.refusal import Refusal
from crm.registry import held_by
from crm.selectors import handovers as read
from crm.selectors import staff
from crm.services import form_tokens, handovers
from crm.views.pages import REFUSED, page_or_part, signed_in

PAGE_SIZE = 50
MOST_CHOSEN = 5000
PREVIEWED = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants handed over: all that somebody keeps, or chosen customers."""

    former: User | None
    ids: list[int]
    customers: QuerySet[Customer]


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_transfer")
def customers_transfer(request: HttpRequest) -> HttpResponse:
    """This function will hand customers over in three steps: choose, preview, confirm.

    A list posts `ids` (repeated, or one string with commas); a person's page links with `?person=`. Nothing is
    written before `step=confirm`, and a double submit hands over once.
    """
    user = signed_in(request)
    asked = _asked(request, user)
    if asked is None:
        return _choose_person(request, user)
    step = request.POST.get("step", "")
    form = _form(request, user, asked) if step else _form(None, user, asked)
    if not step:
        return _page(request, user, asked, form, str(uuid.uuid4()))
    token, plan = request.POST.get("token", ""), None
    if form.is_valid():
        takers = form.takers()
        plan = handovers.plan(customers=asked.customers, takers=takers, former=asked.former)
        if step == "confirm":
            try:
                address = _confirm(user, asked, form, token)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("交接已登记，客户、承诺和工单正在移交。"))
                return redirect(address)
    status = REFUSED if form.errors else 200
    return _page(request, user, asked, form, token, plan=plan, status=status)


def _confirm(user: User, asked: Asked, form: HandoverForm, token: str) -> str:
    now, said = read_clock(), form.cleaned_data

    def act() -> str:
        row = handovers.hand_over(
            customers=asked.customers,
            takers=form.takers(),
            cause=said["cause"],
            reason=said["reason"],
            former=asked.former,
            rest_taker=said.get("rest_taker"),
            by=user,
            now=now,
        )
        return reverse("crm:handover-detail", args=[row.pk])

    return form_tokens.once(token=token, user=user, now=now, act=act)


def _asked(request: HttpRequest, user: User) -> Asked | None:
    person = request.POST.get("person") or request.GET.get("person", "")
    if person.isdecimal():
        former = access.staff_member(user, int(person))
        return Asked(former, [], read.may_be_handed_over(user, former=former))
    words = ",".join(request.POST.getlist("ids")).replace("，", ",").split(",")
    ids = list(dict.fromkeys(int(word) for word in words if word.strip().isdecimal()))[:MOST_CHOSEN]
    return Asked(None, ids, read.may_be_handed_over(user, ids=ids)) if ids else None


def _form(request: HttpRequest | None, user: User, asked: Asked) -> HandoverForm:
    people = access.visible_staff(user)
    if asked.former:
        people = people.exclude(pk=asked.former.pk)
    able = people.filter(role__in=rights.table()["ticket_work"]["roles"]).order_by(
        "branch__path", "name", "id"
    )
    return HandoverForm(
        request.POST if request else None,
        initial={"cause": "leaving" if asked.former else "workload"},
        keepers=staff.keepers(people),
        workers=able if asked.former else None,
        needs_taker=asked.customers.exists(),
    )


def _choose_person(request: HttpRequest, user: User) -> HttpResponse:
    people = access.visible_staff(user)
    if user.role not in access.MANAGERS:
        people = people.filter(pk=user.pk) | people.filter(supervisor=user)
    form = WhoHandsOver(staff=people.order_by("branch__path", "name", "id"))
    context = {"form": form, "crumbs": _crumbs()}
    return page_or_part(
        request, page="crm/handovers/choose.html", part="crm/handovers/_choose.html", context=context
    )


def _page(
    request: HttpRequest,
    user: User,
    asked: Asked,
    form: HandoverForm,
    token: str,
    plan: handovers.Plan | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = asked.customers.count()
    context: dict[str, Any] = {
        "former": asked.former,
        "ids": ",".join(str(pk) for pk in asked.ids),
        "chosen": chosen,
        "refused": len(asked.ids) - chosen if asked.ids else 0,
        "held": held_by(asked.former) if asked.former else [],
        "form": form,
        "token": token,
        "plan": plan,
        "first": plan.chosen[:PREVIEWED] if plan else [],
        "crumbs": _crumbs(),
    }
    page, part = "crm/handovers/transfer.html", "crm/handovers/_transfer.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("交接记录"), reverse("crm:handover-list")), (_("批量转移"), "")]


@require_safe
@access.needs("customer_view")
def handover_list(request: HttpRequest) -> HttpResponse:
    """This function will list what was handed over in one's own branches."""
    paginator = Paginator(read.visible(signed_in(request)), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": "",
        "may_transfer": rights.may(signed_in(request), "customer_transfer"),
        "crumbs": [(_("交接记录"), "")],
    }
    return page_or_part(
        request, page="crm/handovers/list.html", part="crm/handovers/_results.html", context=context
    )


@require_safe
@access.needs("customer_view")
def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show one hand-over with its customers, how far it is, and who was told."""
    user = signed_in(request)
    handover = read.visible(user).filter(pk=pk).first()
    if handover is None:
        raise Http404
    paginator = Paginator(read.items_of(handover, user), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    context = {
        "handover": handover,
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": "",
        "crumbs": [(_("交接记录"), reverse("crm:handover-list")), (str(_("交接")) + f" {handover.pk}", "")],
    }
    return page_or_part(
        request, page="crm/handovers/detail.html", part="crm/handovers/_items.html", context=context
    )
