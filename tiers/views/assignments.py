"""What the rank floor shows on a customer's page: the level of today with its basis, and all levels so far."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as read_clock
from django.views.decorators.http import require_safe

from crm import access
from crm.views.pages import signed_in
from tiers import selectors
from tiers.models import Scheme
from tiers.wording import level_name


@require_safe
@access.needs("customer_view")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will answer the tab with a customer's levels, newest first."""
    customer = access.customer(signed_in(request), pk)
    rows = [(row, level_name(row.scheme, row.level)) for row in selectors.history(customer)]
    return render(request, "tiers/assignments/_history.html", {"customer": customer, "rows": rows})


@require_safe
@access.needs("customer_view")
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will answer the line of the head that says today's level, since when and why."""
    customer = access.customer(signed_in(request), pk)
    row = selectors.standing(customer, Scheme.GROUP_VIP, read_clock())
    word = level_name(row.scheme, row.level) if row else ""
    context = {"customer": customer, "row": row, "word": word}
    return render(request, "tiers/assignments/_standing.html", context)
