"""The promise floor's tabs of a customer's page: promises and tickets. Fragments for htmx, pages without it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access, rights
from crm.models import Customer
from crm.views.pages import below_customer, page_or_part, signed_in
from servicing.selectors import commitments
from servicing.selectors import tickets as read
from servicing.selectors.rows import read_rows

PAGE_SIZE = 30


@require_safe
@access.needs("customer_view")
def promises(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show what is promised to a customer, running promises first by what is due next."""
    customer, now = access.customer(signed_in(request), pk), read_clock()
    context = _paged(
        request, customer, commitments.of_customer(customer.pk), _("服务承诺"), "servicing:customer-promises"
    )
    context |= {"rows": read_rows(context["page"].object_list, now=now), "now": now}
    part = "servicing/customers/_promises.html"
    return page_or_part(request, page="crm/customers/tab.html", part=part, context={**context, "part": part})


@require_safe
@access.needs("ticket_view")
def tickets(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show a customer's tickets, the newest first."""
    user, now = signed_in(request), read_clock()
    customer = access.customer(user, pk)
    context = _paged(
        request, customer, read.of_customer(customer.pk), _("工单"), "servicing:customer-tickets"
    )
    context |= {
        "rows": read.rows(context["page"].object_list, now=now),
        "now": now,
        "may_open": rights.may(user, "ticket_open"),
    }
    part = "servicing/customers/_tickets.html"
    return page_or_part(request, page="crm/customers/tab.html", part=part, context={**context, "part": part})


def _paged(
    request: HttpRequest, customer: Customer, found: QuerySet[Any], title: str, name: str
) -> dict[str, Any]:
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    return {
        "customer": customer,
        "title": title,
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "address": reverse(name, args=[customer.pk]),
        "crumbs": below_customer(customer, title),
    }
