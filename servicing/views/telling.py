"""The door through which somebody notes that a customer was told of the new keeper by phone or in person."""

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
from servicing.forms.telling import Telling
from servicing.services import handovers
from servicing.views.receipts import receipt_page


@require_POST
@gates.needs("ticket_work")
def commitment_told(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will keep the promise to tell a customer, once, however often the form is sent."""
    user, now = signed_in(request), read_clock()
    row = access.commitment(user, pk)
    form = Telling(request.POST)
    if form.is_valid():

        def once() -> str:
            handovers.note_told(commitment=row, by=user, now=now, **form.cleaned_data)
            messages.success(request, _("已登记告知客户，承诺办结。"))
            return reverse("servicing:commitment-receipt", args=[pk])

        try:
            return redirect(
                form_tokens.once(token=request.POST.get("token", ""), user=user, now=now, act=once)
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return receipt_page(request, row, user=user, status=REFUSED, telling=form)
