"""The doors of changing a customer and a person served there. A stale edit is shown beside what stands now."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm import access
from crm.forms.contacts import ContactEdit
from crm.forms.customers import CustomerEdit
from crm.models import Customer, User
from crm.models.customer import CustomerKind
from crm.refusal import Refusal
from crm.selectors import staff
from crm.services import contacts, customers, stamps
from crm.views.pages import REFUSED, below_customer, page_or_part, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_edit")
def customer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will change a customer, if nobody else did since the form was opened."""
    user = signed_in(request)
    customer = access.customer_to_edit(user, pk)
    address = reverse("crm:customer-detail", args=[pk])
    if request.method != "POST":
        return _customer_page(request, customer, _customer_form(user, customer))
    form = _customer_form(user, customer, request.POST)
    if form.is_valid():
        try:
            customers.change_customer(
                customer=customer,
                version=form.cleaned_data["version"],
                by=user,
                now=read_clock(),
                **form.changes(),
            )
        except customers.CustomerChangedMeanwhile as refusal:
            return _stale_customer(request, user, customer, refusal)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("客户资料已保存。"))
            return redirect(address)
    return _customer_page(request, customer, form, status=REFUSED)


def _customer_form(user: User, customer: Customer, data: QueryDict | None = None) -> CustomerEdit:
    keepers = staff.keepers(access.visible_staff(user))
    return CustomerEdit(data, customer=customer, staff=keepers)


def _stale_customer(request: HttpRequest, user: User, customer: Customer, refusal: Refusal) -> HttpResponse:
    """This function will keep what was typed, show what stands now, and let the person save over it knowingly."""
    typed = request.POST.copy()
    typed["version"] = str(customer.version)
    form = _customer_form(user, customer, typed)
    form.full_clean()
    form.add_error(None, refusal.message)
    unseen = {"version", "name"} if customer.kind == CustomerKind.PERSON else {"version"}
    differing = [name for name in form.changed_data if name not in unseen]
    return _customer_page(request, customer, form, standing=standing_words(form, differing), status=REFUSED)


def standing_words(form: Form, names: list[str]) -> list[tuple[str, str]]:
    """This function will say what stands now in the fields where something else was typed."""
    lines = []
    for name in names:
        field, value = form.fields[name], form.initial.get(name, "")
        words: dict[Any, Any] = dict(getattr(field, "choices", ()))
        shown = (_("是") if value else _("否")) if isinstance(value, bool) else words.get(value, value)
        lines.append((str(field.label), str(shown if shown not in (None, "") else "--")))
    return lines


def _customer_page(
    request: HttpRequest,
    customer: Customer,
    form: CustomerEdit,
    standing: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    crumbs = below_customer(customer, _("修改客户"))
    context = {"form": form, "customer": customer, "standing": standing, "crumbs": crumbs}
    page, part = "crm/customers/edit.html", "crm/customers/_edit_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_edit")
def contact_edit(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """This function will change a person served at a customer, if nobody else did since the form was opened."""
    user = signed_in(request)
    customer = access.customer_to_edit(user, pk)
    contact = access.contact(user, pk, contact_pk)
    posted = request.method == "POST"
    form = ContactEdit(request.POST if posted else None, contact=contact)
    if posted and form.is_valid():
        now = read_clock()
        seen = request.POST.get("seen", "")
        try:
            contacts.change_contact(contact=contact, by=user, now=now, seen=seen, **form.changes(now))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("服务对象已保存。"))
            return redirect(f"{reverse('crm:customer-detail', args=[pk])}?tab=contacts")
    crumbs = below_customer(customer, _("修改服务对象"))
    names = [name for name in form.changed_data if name not in ("name", "phone", "email", "id_no")]
    stale = posted and request.POST.get("seen", "") != stamps.of(contact)
    context = {
        "form": form,
        "customer": customer,
        "contact": contact,
        "seen": stamps.of(contact),
        "standing": standing_words(form, names) if stale else None,
        "crumbs": crumbs,
    }
    page, part = "crm/contacts/edit.html", "crm/contacts/_edit_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if posted else 200)
