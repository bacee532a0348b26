"""The doors of 合并客户: who may be one, comparing two rows, merging them, and taking that back."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm import access
from crm.forms.merges import MergeForm, OtherCustomer
from crm.models import Contact, Customer, User
from crm.models.customer import CustomerKind
from crm.refusal import Refusal
from crm.selectors import house_rules
from crm.selectors import merging as read
from crm.services import form_tokens, merging
from crm.views.pages import REFUSED, below_customer, page_or_part, signed_in

RECENT = 20


@require_safe
@access.needs("customer_merge")
def merge_list(request: HttpRequest) -> HttpResponse:
    """This function will show who may be one customer, and the latest merges with their undoing."""
    return _list(request, signed_in(request))


def _list(request: HttpRequest, user: User, refused: str = "", status: int = 200) -> HttpResponse:
    recent = read.recent(Customer.objects.filter(branch__in=access.branches(user)))[:RECENT]
    days = timedelta(days=house_rules.current().merge_undo_days)
    context = {
        "groups": read.suspects(access.visible_customers(user)),
        "recent": [(row, row.merged_at + days) for row in recent],
        "now": read_clock(),
        "refused": refused,
        "crumbs": [(_("客户"), reverse("crm:customer-list")), (_("疑似重复"), "")],
    }
    page, part = "crm/merges/list.html", "crm/merges/_groups.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)


@require_POST
@access.needs("customer_merge")
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will put back everything that a merge moved, or say what stands in the way."""
    user = signed_in(request)
    row = access.merge(user, pk)
    try:
        merging.undo(merge=row, by=user, now=read_clock())
    except Refusal as refusal:
        return _list(request, user, refused=refusal.message, status=REFUSED)
    messages.success(request, _("合并已撤销，两位客户恢复原样。"))
    return redirect("crm:merge-list")


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_merge")
def customer_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will compare a customer with `?other=` (a customer number), and merge the other into it."""
    user = signed_in(request)
    customer = access.customer(user, pk)
    asked = request.GET.get("other") or request.POST.get("other", "")
    if not OtherCustomer({"other": asked}).is_valid():
        return _choose(request, customer, asked)
    other = (
        access.visible_customers(user).select_related("branch", "owner").filter(number=asked.strip()).first()
    )
    if request.method == "POST" and read.stands_for(customer, asked):
        return redirect("crm:customer-detail", pk=pk)  # the same form, sent twice
    if other is None or other.pk == customer.pk:
        return _choose(request, customer, asked)
    names = [line["name"] for line in _compare(customer, other)]
    if request.method != "POST":
        form = MergeForm(names=names, initial={"version": customer.version, "other_version": other.version})
        return _page(request, customer, other, form)
    form = MergeForm(request.POST, names=names)
    if form.is_valid():
        now, told = read_clock(), form.cleaned_data

        def act() -> str:
            merging.merge(
                survivor=customer,
                merged=other,
                versions=(told["version"], told["other_version"]),
                taken_over=form.names,
                reason=told["reason"],
                by=user,
                now=now,
            )
            return reverse("crm:customer-detail", args=[customer.pk])

        try:
            address = form_tokens.once(token=request.POST.get("token", ""), user=user, now=now, act=act)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("两位客户已合并；如有不妥，可在“疑似重复”里撤销。"))
            return redirect(address)
    return _page(request, customer, other, form, status=REFUSED)


def _choose(request: HttpRequest, customer: Customer, asked: str) -> HttpResponse:
    """This function will ask for the other customer, and say so where the number is nobody's."""
    form = OtherCustomer({"other": asked} if asked else None)
    if asked and form.is_valid():
        form.add_error("other", _("没有这个客户号，或者就是这位客户自己，请核对。"))
    context = {"form": form, "customer": customer, "crumbs": below_customer(customer, _("合并客户"))}
    page, part = "crm/merges/choose.html", "crm/merges/_choose.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if asked else 200)


def _page(
    request: HttpRequest, customer: Customer, other: Customer, form: MergeForm, status: int = 200
) -> HttpResponse:
    # a person has one row of own data: the other's stays where it is, or the two change places
    stays = customer.kind == CustomerKind.PERSON and customer.contacts.exists()
    own_row = str(Contact._meta.verbose_name)
    context = {
        "form": form,
        "customer": customer,
        "other": other,
        "lines": _compare(customer, other, form.names),
        "moving": [(word, n) for word, n in read.counts(other) if not (stays and word == own_row)],
        "standing": read.counts(customer),
        # what was compared a moment ago may be old by now: saving again is then meant
        "versions": (customer.version, other.version),
        "token": request.POST.get("token") or str(uuid.uuid4()),
        "crumbs": below_customer(customer, _("合并客户")),
    }
    page, part = "crm/merges/compare.html", "crm/merges/_compare.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)


def _compare(customer: Customer, other: Customer, taken: list[str] | None = None) -> list[dict[str, Any]]:
    """This function will put the fields of the two side by side, those that may be chosen with their name."""
    words: list[tuple[str, str, Any]] = [
        ("name", _("名称"), lambda one: one.shown_name),
        ("registration_no", _("统一社会信用代码"), lambda one: one.registration_no),
        ("stage", _("阶段"), lambda one: one.get_stage_display()),
        ("status", _("状态"), lambda one: one.get_status_display()),
        ("belongs", _("机构和客户经理"), lambda one: f"{one.branch.name} · {one.owner.name}"),
        ("extra_large", _("特大型"), _large),
    ]
    if customer.kind == "person":
        words.append(("self", _("本人资料"), _self))
    return [
        {
            "name": name,
            "label": label,
            "own": say(customer),
            "other": say(other),
            "differ": name == "self" or _differ(name, say(customer), say(other), customer, other),
            "taken": name in (taken or ()),
        }
        for name, label, say in words
    ]


def _differ(name: str, own: str, others: str, customer: Customer, other: Customer) -> bool:
    """A person's name is compared as it is, since two names may have one mask."""
    return customer.name != other.name if name == "name" else own != others


def _large(one: Customer) -> str:
    return _("是，自 %(day)s 起") % {"day": one.extra_large_from} if one.extra_large else _("否")


def _self(one: Customer) -> str:
    """This function will say what is known of a person, masked."""
    row = one.contacts.first()
    if row is None:
        return ""
    born = _("%(m)s月%(d)s日") % {"m": row.birth_month, "d": row.birth_day} if row.birth_month else ""
    return " · ".join(part for part in (row.phone_masked, row.id_no_masked, born) if part)
