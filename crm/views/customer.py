"""The page of one customer: its head, its tabs, and the tabs that are crm's own."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access, log_lines, rights
from crm.models import Customer, User
from crm.registry import panels_for
from crm.selectors import consents, premiums, teams
from crm.selectors import customers as read
from crm.services import visits
from crm.time import local_date
from crm.views.lists import kept_trail, walk_of
from crm.views.pages import is_htmx, signed_in

LOG_SIZE = 50
MOST_POLICIES = 200


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: crm's own has no address, its content comes with the page; others are fetched by htmx."""

    key: str
    title: str
    order: int
    url: str = ""


def tabs_of(user: User, customer: Customer) -> list[Tab]:
    """This function will list the tabs that the person may open, crm's own and the discovered ones, in order."""
    own = [
        Tab("contacts", _("服务对象"), 10),
        Tab("policies", _("保单"), 20),
        Tab("history", _("变更记录"), 90),
    ]
    found = [
        Tab(panel.key, str(panel.title), panel.order, reverse(panel.url_name, args=[customer.pk]))
        for panel in panels_for(user)
    ]
    return sorted([*own, *found], key=lambda tab: tab.order)


@require_safe
@access.needs("customer_view")
def customer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show one customer with one tab open: `?tab=`, by default the first."""
    user = signed_in(request)
    if into := access.survivor_of(user, pk):
        messages.info(request, _("这位客户已并入下面的客户，旧客户号仍可查找。"))
        return redirect("crm:customer-detail", pk=into)
    customer = access.customer(user, pk)
    now = read_clock()
    visits.note(customer=customer, by=user, now=now)
    tabs = tabs_of(user, customer)
    asked = request.GET.get("tab", "")
    tab = next((one for one in tabs if one.key == asked), tabs[0])
    context = {
        **frame(user, customer, local_date(now).year),
        "tabs": tabs,
        "tab": tab,
        "walk": walk_of(request),
        "kept_trail": kept_trail(request),
        **_content(request, user, customer, tab.key),
    }
    part = f"crm/customers/_{tab.key}.html"
    if is_htmx(request) and not tab.url:
        return render(request, part, context)
    return render(request, "crm/customers/detail.html", {**context, "part": "" if tab.url else part})


def frame(user: User, customer: Customer, year: int) -> dict[str, Any]:
    """This function will gather what the head and the side of a customer's page show."""
    heads = [reverse(panel.url_name, args=[customer.pk]) for panel in panels_for(user, "head")]
    return {
        "customer": customer,
        "heads": heads,
        "seats": teams.seats_of(customer),
        "year": year,
        "received": premiums.received_in(customer, year),
        "may_edit": access.may_edit(user, customer),
        "may_merge": rights.may(user, "customer_merge"),
        "may_record": rights.may(user, "touchpoint_record"),
        "may_reveal": rights.may(user, "customer_reveal"),
        "crumbs": [(_("客户"), reverse("crm:customer-list")), (customer.shown_name, "")],
    }


def _content(request: HttpRequest, user: User, customer: Customer, key: str) -> dict[str, Any]:
    """This function will read what one of crm's own tabs shows."""
    if key == "contacts":
        people = list(read.service_objects(customer))
        said = consents.standings(people)
        return {"contacts": [(one, said[one.pk]) for one in people]}
    if key == "policies":
        found = premiums.with_received(read.policies_of(customer))
        return {"policies": list(found[:MOST_POLICIES])}
    if key == "history":
        paginator = Paginator(read.history(customer), LOG_SIZE)
        page = paginator.get_page(request.GET.get("page", "1"))
        pages = paginator.get_elided_page_range(page.number)
        return {"page": page, "pages": pages, "lines": log_lines.of(page.object_list), "query": "tab=history"}
    return {}
