"""The list of promises with its filters; the same address answers the page or, to htmx, the results."""

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access
from crm.views.lists import list_context, opened_with_default
from crm.views.pages import page_or_part, signed_in
from servicing.forms.filters import PromiseFilter
from servicing.selectors import promises
from servicing.selectors.rows import read_rows


@require_safe
@access.needs("workbench")
def promise_list(request: HttpRequest) -> HttpResponse:
    """This function will show the promises asked for, by default the branch's running ones by what is due first."""
    if default := opened_with_default(request, "promises"):
        return default
    user, now = signed_in(request), read_clock()
    form = PromiseFilter(request.GET)
    context = list_context(request, "promises", form, promises.listing(user, form.wanted(), now=now))
    context |= {
        "now": now,
        "rows": read_rows(context["page"].object_list, now=now),
        "crumbs": [(_("承诺"), "")],
    }
    part = "servicing/commitments/_results.html"
    return page_or_part(request, page="servicing/commitments/list.html", part=part, context=context)
