"""The door through which an owner is reminded. A refused reminder shows the receipt again with what was typed."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import access as gates
from crm.refusal import Refusal
from crm.services import form_tokens
from crm.views.pages import REFUSED, signed_in
from servicing import access
from servicing.forms.urging import Urging
from servicing.services import commitments
from servicing.views.receipts import receipt_page


@require_POST
@gates.needs("promise_urge")
def commitment_urge(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will remind the owner once, however often the form is sent, and lead back to the receipt."""
    user, now = signed_in(request), read_clock()
    row = access.commitment(user, pk)
    form = Urging(request.POST)
    if form.is_valid():
        reason, address = form.cleaned_data["reason"], reverse("servicing:commitment-receipt", args=[pk])

        def once() -> str:
            commitments.urge(commitment=row, reason=reason, by=user, now=now)
            messages.success(request, _("已催办 %(name)s。") % {"name": row.owner.name})
            return address

        try:
            return redirect(form_tokens.once(token=_token(request), user=user, now=now, act=once))
        except Refusal as refusal:
            form.add_error("reason", refusal.message)
    return receipt_page(request, row, user=user, status=REFUSED, urging=form)


def _token(request: HttpRequest) -> str:
    """This function will read the form's token; one that is none counts as missing."""
    try:
        return str(uuid.UUID(request.POST.get("token", "")))
    except ValueError:
        return ""
