"""The doors of service objects: recording one, and looking at a phone or ID number in clear."""

import uuid
from typing import Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm import access
from crm.forms.contacts import NewContact, RevealReason
from crm.models import Contact, Customer
from crm.refusal import Refusal
from crm.services import contacts, form_tokens
from crm.views.pages import REFUSED, below_customer, page_or_part, signed_in

FIELDS: dict[str, Literal["name", "phone", "email", "id_no"]] = {
    "name": "name",
    "phone": "phone",
    "email": "email",
    "id_no": "id_no",
}


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_edit")
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will record a person served at a customer; a double submit records one."""
    user = signed_in(request)
    customer = access.customer_to_edit(user, pk)
    address = f"{reverse('crm:customer-detail', args=[customer.pk])}?tab=contacts"
    if request.method != "POST":
        return _new_page(request, customer, NewContact(customer=customer), str(uuid.uuid4()))
    form, token = NewContact(request.POST, customer=customer), request.POST.get("token", "")
    if form.is_valid():
        now = read_clock()
        role, name = form.cleaned_data["role"], form.cleaned_data["name"]

        def record() -> str:
            contacts.record_contact(
                customer=customer, role=role, name=name, by=user, now=now, **form.details(now)
            )
            return address

        try:
            form_tokens.once(token=token, user=user, now=now, act=record)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("服务对象已登记。"))
            return redirect(address)
    return _new_page(request, customer, form, token, status=REFUSED)


def _new_page(
    request: HttpRequest, customer: Customer, form: NewContact, token: str, status: int = 200
) -> HttpResponse:
    crumbs = below_customer(customer, _("登记服务对象"))
    context = {"form": form, "token": token, "customer": customer, "crumbs": crumbs}
    page, part = "crm/contacts/form.html", "crm/contacts/_form.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_reveal")
def contact_reveal(request: HttpRequest, pk: int, contact_pk: int, field: str) -> HttpResponse:
    """This function will ask for a reason, then show one field in clear for this one answer and log it.

    `?hide=1` answers the masked field again.
    """
    contact = access.contact(signed_in(request), pk, contact_pk)
    if field not in FIELDS:
        raise Http404
    if request.method != "POST":
        return _reveal(request, contact, field, form=None if "hide" in request.GET else RevealReason())
    form = RevealReason(request.POST)
    form.is_valid()
    try:
        clear = contacts.reveal(
            contact=contact,
            field=FIELDS[field],
            reason=form.cleaned_data.get("reason", ""),
            by=signed_in(request),
            now=read_clock(),
        )
    except Refusal as refusal:
        form.add_error("reason", refusal.message)
        return _reveal(request, contact, field, form=form, status=REFUSED)
    return _reveal(request, contact, field, clear=clear)


def _reveal(
    request: HttpRequest,
    contact: Contact,
    field: str,
    *,
    form: RevealReason | None = None,
    clear: str = "",
    status: int = 200,
) -> HttpResponse:
    masked = contact.shown_name if field == "name" else getattr(contact, f"{field}_masked")
    customer = contact.customer
    context = {
        "contact": contact,
        "field": field,
        "title": {"name": _("姓名"), "phone": _("手机"), "email": _("邮箱"), "id_no": _("证件号码")}[field],
        "masked": masked,
        "clear": clear,
        "form": form,
        "may_reveal": True,
        "crumbs": below_customer(customer, _("查看明文")),
    }
    page, part = "crm/contacts/reveal.html", "crm/contacts/_reveal.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)
