"""The list of tickets with its filters; the same address answers the page or, to htmx, the results."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access, rights
from crm.views.pages import page_or_part, signed_in
from servicing.forms.filters import TicketFilter
from servicing.selectors import tickets

PAGE_SIZE = 50


@require_safe
@access.needs("ticket_view")
def ticket_list(request: HttpRequest) -> HttpResponse:
    """This function will show the tickets asked for, by default the branch's unfinished ones by what is due first."""
    user, now = signed_in(request), read_clock()
    form = TicketFilter(request.GET)
    wanted = form.wanted()
    paginator = Paginator(tickets.listing(user, wanted), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    context = {
        "now": now,
        "form": form,
        "wanted": wanted,
        "chips": _chips(form, request.GET),
        "rows": tickets.rows(page.object_list, now=now),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": _kept(request.GET),
        "may_open": rights.may(user, "ticket_open"),
        "crumbs": [(_("工单"), "")],
    }
    part = "servicing/tickets/_results.html"
    return page_or_part(request, page="servicing/tickets/list.html", part=part, context=context)


def _kept(asked: QueryDict, without: str = "") -> str:
    """This function will write the filled filters as a query string, leaving one out."""
    kept = QueryDict(mutable=True)
    names = [name for name in TicketFilter.base_fields if name in asked and name != without]
    kept.update({name: str(asked[name]) for name in names})
    return kept.urlencode()


def _chips(form: TicketFilter, asked: QueryDict) -> list[tuple[str, str]]:
    """This function will name each filter that is set, with the address without it."""
    address = reverse("servicing:ticket-list")
    return [(words, f"{address}?{_kept(asked, without=name)}") for name, words in form.applied()]
