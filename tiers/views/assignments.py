"""What the rank floor shows on a customer's page: the level of today with its basis, and all levels so far."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access
from crm.views.pages import below_customer, page_or_part, signed_in
from tiers import selectors
from tiers.models import Scheme, StarPoints
from tiers.rules.star_points import shown
from tiers.wording import level_name, star_name


@require_safe
@access.needs("customer_view")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will answer the tab with a customer's levels, newest first."""
    customer = access.customer(signed_in(request), pk)
    rows = [(row, level_name(row.scheme, row.level)) for row in selectors.history(customer)]
    part = "tiers/assignments/_history.html"
    context = {
        "customer": customer,
        "rows": rows,
        "title": _("层级"),
        "part": part,
        "crumbs": below_customer(customer, _("层级")),
    }
    return page_or_part(request, page="crm/customers/tab.html", part=part, context=context)


@require_safe
@access.needs("customer_view")
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will answer the line of the head that says today's level, since when and why."""
    customer = access.customer(signed_in(request), pk)
    row = selectors.standing(customer, Scheme.GROUP_VIP, read_clock())
    word = level_name(row.scheme, row.level) if row else ""
    star = StarPoints.objects.filter(customer=customer).first()
    context = {
        "customer": customer,
        "row": row,
        "word": word,
        "star": star,
        "star_word": star_name(star.star) if star else "",
        "points": int(shown(star.points) * 100) if star else 0,
    }
    return render(request, "tiers/assignments/_standing.html", context)
