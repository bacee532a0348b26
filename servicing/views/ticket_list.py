"""The list of tickets with its filters; the same address answers the page or, to htmx, the results."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access, rights
from crm.views.lists import list_context, opened_with_default
from crm.views.pages import page_or_part, signed_in
from servicing.forms.filters import TicketFilter
from servicing.selectors import tickets


@require_safe
@access.needs("ticket_view")
def ticket_list(request: HttpRequest) -> HttpResponse:
    """This function will show the tickets asked for, by default the branch's unfinished ones by what is due first."""
    if default := opened_with_default(request, "tickets"):
        return default
    user, now = signed_in(request), read_clock()
    form = TicketFilter(request.GET)
    context = list_context(request, "tickets", form, tickets.listing(user, form.wanted()))
    context |= {
        "now": now,
        "rows": tickets.rows(context["page"].object_list, now=now),
        "may_open": rights.may(user, "ticket_open"),
        "crumbs": [(_("工单"), "")],
    }
    part = "servicing/tickets/_results.html"
    return page_or_part(request, page="servicing/tickets/list.html", part=part, context=context)
