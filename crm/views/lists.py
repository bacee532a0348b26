"""What every list shares: paging that keeps the filters, chips, saved views, ticking rows, walking from row to row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now as read_clock
from django.views.decorators.http import require_safe

from crm import bulk_acts, lists, rights
from crm.forms.filters import Filter
from crm.lists import ListKind
from crm.models import SavedView, User
from crm.refusal import Refusal
from crm.selectors import saved_views
from crm.views.pages import is_htmx, signed_in
from crm.views.paging import Pages

PAGE_SIZE = 50
MOST_WALKED = 1000
ALL = "all=1"  # the list as it is, past the default view
TRAIL = ("in", "from", "row", "n")


def opened_with_default(request: HttpRequest, key: str) -> HttpResponse | None:
    """This function will lead a list opened without any condition to the person's default view, if there is one."""
    if request.method != "GET" or request.GET or is_htmx(request):
        return None
    user = signed_in(request)
    mine = [v for v in _offered(request, key) if v.is_default and v.owner_id == user.pk]
    kind = _kind(key)
    return redirect(f"{reverse(kind.url_name)}?{mine[0].query}") if mine else None


def list_context(
    request: HttpRequest,
    key: str,
    form: Filter,
    found: QuerySet[Any],
    *,
    keepable: bool = True,
    size: int = PAGE_SIZE,
) -> dict[str, Any]:
    """This function will gather what a list's template and its shared parts show.

    `keepable` is false where the query must not become part of an address: such a result offers no view, no
    chips, no walking from row to row, and only the rows of the page can be ticked.
    """
    user, kind = signed_in(request), _kind(key)
    address, query = reverse(kind.url_name), form.kept() if keepable else ""
    acts = bulk_acts.acts_for(user, key)
    page = Pages(found, size).get_page(request.GET.get("page", "1"))
    return {
        "kind": kind,
        "address": address,
        "bare": f"{address}?{ALL}",
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "query": query,
        "keepable": keepable,
        "chips": [(word, _address(address, form.kept(name))) for name, word in form.applied()]
        if keepable
        else [],
        "views": _offered(request, key),
        "acts": acts,
        "all_can_be_ticked": keepable and bulk_acts.takes_all(acts),
        "trail": urlencode({"in": key, "from": query}) if keepable else "",
    }


def _offered(request: HttpRequest, key: str) -> list[SavedView]:
    """This function will list the views of a list that the person may open, asked once a request."""
    if not hasattr(request, "offered_views"):
        request.offered_views = saved_views.offered(signed_in(request), key)  # type: ignore[attr-defined]
    found: list[SavedView] = request.offered_views  # type: ignore[attr-defined]
    return found


def _address(address: str, query: str) -> str:
    return f"{address}?{query or ALL}"


def _kind(key: str) -> ListKind:
    kind = lists.kind_of(key)
    if kind is None:
        raise Http404
    return kind


@dataclass(frozen=True, slots=True)
class Walk:
    """The way along a list: where this page stands in it, and the addresses before and after."""

    back: str
    title: str
    position: int
    total: str
    previous: str
    following: str


def walk_of(request: HttpRequest) -> Walk | None:
    """This function will say where the page stands in the list that it was opened from; one query.

    None where it was opened from no list. Lists are walked through up to `MOST_WALKED` rows.
    """
    trail = _trail(request.GET)
    kind = lists.kind_of(trail.get("in", ""))
    if kind is None or not rights.may(request.user, kind.right):
        return None
    query = trail.get("from", "")
    ids = _ids(kind, signed_in(request), query, read_clock())
    if ids is None:
        return None
    at = lists.place(ids, _number(trail.get("row")), _number(trail.get("n")))

    def step(row: int | None, position: int) -> str:
        if row is None:
            return ""
        to = urlencode({"in": kind.key, "from": query, "row": str(row), "n": str(position)})
        return f"{reverse('crm:list-step')}?{to}"

    here = at.position or _number(trail.get("n"))
    return Walk(
        back=_address(reverse(kind.url_name), query),
        title=str(kind.title),
        position=at.position,
        total=f"{at.total}+" if at.total == MOST_WALKED else str(at.total),
        previous=step(at.previous, here - 1),
        following=step(at.following, here + 1 if at.position else max(here, 1)),
    )


@require_safe
def list_step(request: HttpRequest) -> HttpResponse:
    """This function will lead to the page of one row of a list, and tell that page where it stands in it."""
    user, trail = signed_in(request), _trail(request.GET)
    kind = _kind(trail.get("in", ""))
    rights.require(user, kind.right)
    row = kind.visible(user).filter(pk=_number(trail.get("row"))).first()
    if row is None:
        raise Http404
    return redirect(f"{kind.link(row)}?{urlencode(trail)}")


def kept_trail(request: HttpRequest) -> str:
    """This function will write the trail of the page again, for what leads back to it; empty where there is none."""
    trail = _trail(request.GET)
    return urlencode(trail) if "in" in trail else ""


def with_trail(address: str, request: HttpRequest) -> str:
    """This function will add the page's trail to an address that leads back to it."""
    trail = kept_trail(request)
    return f"{address}?{trail}" if trail else address


def _trail(asked: QueryDict) -> dict[str, str]:
    return {name: str(asked[name]) for name in TRAIL if name in asked}


def _ids(kind: ListKind, user: User, query: str, now: datetime) -> list[int] | None:
    try:
        return lists.ids_of(kind.rows(user, query, now), MOST_WALKED)
    except Refusal:
        return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
