"""The door of 关怀同意: what a person said about each channel, and writing down what the person says now."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm import access
from crm.forms.consents import Statement
from crm.refusal import Refusal
from crm.selectors import consents as read
from crm.services import consents, form_tokens
from crm.time import local_date
from crm.views.pages import REFUSED, below_customer, page_or_part, signed_in

FIELD_OF: dict[type[Refusal], str] = {
    consents.SourceIsMissing: "source",
    consents.SaidInFuture: "said_on",
    consents.NewerStatement: "said_on",
}


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_view")
def contact_consents(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """This function will show how a person stands to every channel, and let who may edit write down a statement."""
    user, now, posted = signed_in(request), read_clock(), request.method == "POST"
    contact = access.contact(user, pk, contact_pk)
    customer = access.customer_to_edit(user, pk) if posted else access.customer(user, pk)
    form = Statement(request.POST if posted else None, initial={"said_on": local_date(now)})
    token = request.POST.get("token", "") if posted else str(uuid.uuid4())
    address = reverse("crm:contact-consents", args=[pk, contact_pk])
    if posted and form.is_valid():

        def state() -> str:
            consents.state(contact=contact, by=user, now=now, **form.told(now))
            return address

        try:
            form_tokens.once(token=token, user=user, now=now, act=state)
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), refusal.message)
        else:
            messages.success(request, _("客户的表示已登记，马上生效。"))
            return redirect(address)
    context = {
        "customer": customer,
        "contact": contact,
        "standings": read.standings([contact])[contact.pk],
        "rows": list(read.of_contact(contact)),
        "form": form,
        "token": token,
        "may_edit": access.may_edit(user, customer),
        "crumbs": below_customer(customer, _("关怀同意")),
    }
    page, part = "crm/contacts/consents.html", "crm/contacts/_consents.html"
    return page_or_part(request, page=page, part=part, context=context, status=REFUSED if posted else 200)
