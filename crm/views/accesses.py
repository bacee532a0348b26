"""The doors of 访问记录 (who looked at a customer) and of 明文查看 (who looked how often, and releasing them)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm import access, log_lines
from crm.forms.accesses import Release
from crm.models import User
from crm.refusal import Refusal
from crm.registry import look_words
from crm.selectors import accesses as read
from crm.selectors import house_rules
from crm.services import reveal_limits
from crm.time import local_date
from crm.views.pages import REFUSED, below_customer, page_or_part, signed_in

PAGE_SIZE = 50
MOST_PEOPLE = 200


@require_safe
@access.needs("access_log_view")
def customer_accesses(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show who looked at a customer: page, search, clear text, export. `?kind=` keeps one."""
    customer = access.customer(signed_in(request), pk)
    words = look_words()
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in words else ""
    paginator = Paginator(read.of_customer(customer, kind=kind), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    address = reverse("crm:customer-accesses", args=[customer.pk])
    context = {
        "customer": customer,
        "title": _("访问记录"),
        "kinds": [("", _("全部")), *words.items()],
        "kind": kind,
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": f"kind={kind}" if kind else "",
        "address": address,
        "lines": log_lines.of(page.object_list),
        "crumbs": below_customer(customer, _("访问记录")),
        "part": "crm/customers/_accesses.html",
    }
    return page_or_part(
        request, page="crm/customers/tab.html", part="crm/customers/_accesses.html", context=context
    )


@require_safe
@access.needs("reveal_release")
def reveal_list(request: HttpRequest) -> HttpResponse:
    """This function will show who of the person's branches looked at clear data today, and how often."""
    return _list(request, signed_in(request))


@require_POST
@access.needs("reveal_release")
def reveal_release(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will let somebody go on looking at clear data today; the second release is told so."""
    user, now = signed_in(request), read_clock()
    person = access.colleague(user, pk)
    form = Release(request.POST)
    if form.is_valid():
        try:
            reveal_limits.release(
                person=person, day=local_date(now), reason=form.cleaned_data["reason"], by=user, now=now
            )
        except Refusal as refusal:
            form.add_error("reason", refusal.message)
        else:
            messages.success(request, _("已放行 %(name)s 今天继续查看明文。") % {"name": person.name})
            return redirect(reverse("crm:reveal-list"))
    return _list(request, user, form=form, refused=person, status=REFUSED)


def _list(
    request: HttpRequest,
    user: User,
    *,
    form: Release | None = None,
    refused: User | None = None,
    status: int = 200,
) -> HttpResponse:
    rules, today = house_rules.current(), local_date(read_clock())
    rows = list(read.tallies(access.visible_staff(user), today)[:MOST_PEOPLE])
    context = {
        "rows": rows,
        "free": rules.reveals_free,
        "most": rules.reveals_most,
        "form": form or Release(),
        "refused": refused,
        "today": today,
        "user_pk": user.pk,
        "crumbs": [(_("明文查看"), "")],
    }
    page, part = "crm/reveals/list.html", "crm/reveals/_rows.html"
    return page_or_part(request, page=page, part=part, context=context, status=status)
