"""Taking in a request: who is calling, which promise it starts, saved once however often it is sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm import access
from crm.models import Contact, Customer, User
from crm.refusal import Refusal
from crm.selectors import customers as read
from crm.services import form_tokens, searches
from crm.views.pages import REFUSED, signed_in
from servicing.forms.intake import Intake
from servicing.models import Ticket
from servicing.services import tickets
from servicing.services.tickets import intake as refusals
from servicing.services.tickets.preview import Outlook, outlook

MOST_MATCHES = 8
SHORTEST_SEARCH = 2
FIELD_OF = {refusals.ReceivedInFuture: "received_at", refusals.SubjectMissing: "subject"}


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("ticket_open")
def ticket_open(request: HttpRequest) -> HttpResponse:
    """This function will show the intake form, and on `act=save` take the request in; `act=find` only searches."""
    user = signed_in(request)
    if request.method != "POST":
        chosen = _by_pk(user, request.GET.get("customer", ""))
        form = Intake(initial={"received_at": read_clock(), "contact": _only(chosen)}, customer=chosen)
        return _page(request, form, [chosen] if chosen else [], token=str(uuid.uuid4()))
    found, chosen = _customers(request, user)
    if request.POST.get("act") == "find":
        form = Intake(
            initial={**request.POST.dict(), "papers_complete": "papers_complete" in request.POST},
            customer=chosen,
        )
        return _page(request, form, found, token=request.POST.get("token", ""))
    form = Intake(request.POST, customer=chosen)
    if form.is_valid():
        try:
            return redirect(_take_in(request, form, user))
        except Refusal as refusal:
            form.add_error(FIELD_OF.get(type(refusal)), refusal.message)
    return _page(request, form, found, token=request.POST.get("token", ""), status=REFUSED)


def _take_in(request: HttpRequest, form: Intake, user: User) -> str:
    """This function will open the ticket once for the form's token and return where it leads."""
    now, phone, customer = read_clock(), form.phone(), form.customer
    asked = {name: value for name, value in form.cleaned_data.items() if name != "caller"}
    made: list[Ticket] = []
    assert customer is not None  # a valid form has one

    def once() -> str:
        row = tickets.open_ticket(customer=customer, caller=phone, by=user, now=now, **asked)
        made.append(row)
        return reverse("servicing:ticket-detail", args=[row.number])

    address = form_tokens.once(token=request.POST.get("token", ""), user=user, now=now, act=once)
    if made:
        messages.success(request, _("工单 %(number)s 已受理。") % {"number": made[0].number})
    else:
        messages.info(request, _("这张登记表已经提交过，这就是它的工单。"))
    return address


@require_POST
@access.needs("ticket_open")
def caller(request: HttpRequest) -> HttpResponse:
    """This function will answer who the search text may be, with what is then known and promised (a fragment)."""
    found, chosen = _customers(request, signed_in(request))
    context = _context(Intake(request.POST, customer=chosen), found, token="")
    return render(
        request, "servicing/tickets/_caller_answer.html", {**context, "form": _unbound(request, chosen)}
    )


@require_POST
@access.needs("ticket_open")
def preview(request: HttpRequest) -> HttpResponse:
    """This function will answer which promise the half-filled form would start, and until when (a fragment)."""
    chosen = _by_pk(signed_in(request), request.POST.get("customer", ""))
    context = _context(Intake(request.POST, customer=chosen), [], token="")
    return render(request, "servicing/tickets/_preview.html", context)


def _unbound(request: HttpRequest, chosen: Customer | None) -> Intake:
    """The form with what was chosen but without complaints, for a fragment in mid-typing."""
    return Intake(initial={name: request.POST.get(name) for name in ("contact", "policy")}, customer=chosen)


def _page(
    request: HttpRequest, form: Intake, found: list[Customer], *, token: str, status: int = 200
) -> HttpResponse:
    context = {**_context(form, found, token=token), "crumbs": _crumbs()}
    return render(request, "servicing/tickets/open.html", context, status=status)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("工单"), reverse("servicing:ticket-list")), (_("来电登记"), "")]


def _context(form: Intake, found: list[Customer], *, token: str) -> dict[str, Any]:
    seen, refused = _foresee(form)
    text = str(form["caller"].value() or "")
    return {
        "now": read_clock(),
        "form": form,
        "found": found,
        "customer": form.customer,
        "outlook": seen,
        "refused": refused,
        "token": token or str(uuid.uuid4()),
        "cut": len(found) >= MOST_MATCHES,
        "searched": len(text.strip()) >= SHORTEST_SEARCH,
    }


def _foresee(form: Intake) -> tuple[Outlook | None, str]:
    """This function will foresee the clocks of a half-filled form, or say why it cannot."""
    draft = Intake({**_plain(form)}, customer=form.customer).draft()
    if draft is None:
        return None, ""
    try:
        return outlook(**draft), ""
    except Refusal as refusal:
        return None, refusal.message


def _plain(form: Intake) -> dict[str, Any]:
    """This function will read the form's values as they would be posted, initial ones included."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def _customers(request: HttpRequest, user: User) -> tuple[list[Customer], Customer | None]:
    """This function will find the customers that the search text means, and the one that is chosen among them.

    The only one found is chosen by itself. A search by a whole number stands in the log.
    """
    text, chosen = request.POST.get("caller", "").strip(), _by_pk(user, request.POST.get("customer", ""))
    found = _search(user, text) if len(text) >= SHORTEST_SEARCH else []
    if read.is_personal(text):
        searches.note(text=text, found=found, by=user, now=read_clock())
    if chosen is not None and chosen not in found and not found:
        found = [chosen]
    if chosen not in found:
        chosen = found[0] if len(found) == 1 else None
    return found, chosen


def _search(user: User, text: str) -> list[Customer]:
    among = access.visible_customers(user).select_related("branch", "owner")
    return list(read.search(among, text).order_by("name", "pk")[:MOST_MATCHES])


def _only(customer: Customer | None) -> Contact | None:
    """This function will name the one person served at a customer, who is then the one who calls."""
    served = list(read.service_objects(customer)[:2]) if customer else []
    return served[0] if len(served) == 1 else None


def _by_pk(user: User, text: str) -> Customer | None:
    return access.customer(user, int(text)) if text.isdecimal() else None
