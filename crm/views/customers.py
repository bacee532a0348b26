"""The doors of the customer list and of recording a customer by hand. The page of one customer is elsewhere."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm import access, id_numbers, phones, rights
from crm.forms.customers import NewCustomer, filter_for
from crm.models import Customer
from crm.refusal import Refusal
from crm.selectors import customers as read
from crm.selectors import staff
from crm.services import form_tokens, newcomers, searches
from crm.views.lists import ALL, list_context, opened_with_default
from crm.views.pages import REFUSED, is_htmx, page_or_part, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_view")
def customer_list(request: HttpRequest) -> HttpResponse:
    """This function will show the customers asked for.

    The search box is posted: a whole phone or ID number is answered at once and logged, and never becomes part
    of an address; any other search leads to an address that can be kept.
    """
    if default := opened_with_default(request, "customers"):
        return default
    user, posted = signed_in(request), request.method == "POST"
    form = filter_for(user, request.POST if posted else request.GET)
    wanted = form.wanted()
    personal = read.is_personal(wanted.text)
    if posted and not personal and not is_htmx(request):
        return redirect(f"{reverse('crm:customer-list')}?{form.kept() or ALL}")
    found = read.listing(access.visible_customers(user), wanted)
    if personal:
        shown = list(found[: read.MOST_SHARED])
        searches.note(text=wanted.text, found=shown, by=user, now=read_clock())
    context = list_context(request, "customers", form, found, keepable=not personal)
    answer = page_or_part(
        request,
        page="crm/customers/list.html",
        part="crm/customers/_results.html",
        context={
            **context,
            "filtered": any(form.cleaned_data.values()),
            "crumbs": [(_("客户"), "")],
            "may_add": rights.may(user, "customer_add"),
            "may_import": rights.may(user, "import_book"),
        },
    )
    if posted and is_htmx(request):
        answer["HX-Push-Url"] = reverse("crm:customer-list") + ("" if personal else f"?{form.kept() or ALL}")
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs("customer_add")
def customer_new(request: HttpRequest) -> HttpResponse:
    """This function will record one customer by hand and lead to its page; a double submit records one.

    `next` names a page of ours that waits for the customer: it is then led to with `?customer=`. Such a page
    may post the `caller` it looked for, who then stands in the empty form and never in an address.
    """
    user = signed_in(request)
    caller = request.POST.get("caller")
    posted = request.method == "POST" and caller is None
    form = NewCustomer(
        request.POST if posted else None,
        initial={"branch": user.branch_id, "owner": user.pk, **_said_by(caller or "")},
        branches=access.branches(user),
        staff=staff.keepers(access.visible_staff(user)),
    )
    if not posted:
        return _new_page(request, form, str(uuid.uuid4()))
    token = request.POST.get("token", "")
    if form.is_valid():
        now = read_clock()

        def record() -> str:
            customer = newcomers.take_in(**form.cleaned_data, by=user, now=now)
            return _after(request, customer)

        try:
            address = form_tokens.once(token=token, user=user, now=now, act=record)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("客户已登记。"))
            return redirect(address)
    return _new_page(request, form, token, status=REFUSED)


def _said_by(caller: str) -> dict[str, str]:
    """This function will fill the form with what was looked for: a mobile number, or else a name."""
    text = caller.strip()
    if not phones.looks_whole(text):
        return {} if id_numbers.looks_whole(text) else {"name": text}
    try:
        return {"phone": phones.mobile(text)}
    except Refusal:  # a landline is nobody's mobile
        return {}


def _asked_by(request: HttpRequest) -> str:
    """This function will return the page of ours that asked for a new customer; none if it is not ours."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}) else ""


def _after(request: HttpRequest, customer: Customer) -> str:
    """This function will say where a new customer leads: back to the page that asked for it, or to its contacts."""
    if asked := _asked_by(request):
        return f"{asked}?customer={customer.pk}"
    return f"{reverse('crm:customer-detail', args=[customer.pk])}?tab=contacts"


def _new_page(request: HttpRequest, form: NewCustomer, token: str, status: int = 200) -> HttpResponse:
    crumbs = [(_("客户"), reverse("crm:customer-list")), (_("新建客户"), "")]
    return page_or_part(
        request,
        page="crm/customers/form.html",
        part="crm/customers/_form.html",
        context={
            "form": form,
            "token": token,
            "crumbs": crumbs,
            "next": _asked_by(request),
        },
        status=status,
    )
