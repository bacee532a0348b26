"""The catalogue of standards (标准目录), for everybody: what is promised, since when, and when it would be due."""

from datetime import date, datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access, rights
from crm.time import local_date
from crm.views.pages import page_or_part, signed_in
from servicing.clocks import is_clock
from servicing.forms.standards import StandardFilter, TryForm
from servicing.models.standard import Authority
from servicing.selectors import catalogue, standard_drafts, standards

PAGE_SIZE = 50


@require_safe
@access.needs("standard_view")
def standard_list(request: HttpRequest) -> HttpResponse:
    """This function will list what is in force and what is still ahead, filtered, in the order of the rule book."""
    user, now = signed_in(request), read_clock()
    form = StandardFilter(request.GET)
    paginator = Paginator(catalogue.shelf(form.wanted(), now), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    may_publish = rights.may(user, "standard_publish")
    context = {
        "now": now,
        "form": form,
        "chips": _chips(form, request.GET),
        "rows": catalogue.with_running(user, page.object_list),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": _kept(request.GET),
        "drafts": standard_drafts.open_drafts() if may_publish else [],
        "crumbs": [(_("标准目录"), "")],
    }
    part = "servicing/standards/_results.html"
    return page_or_part(request, page="servicing/standards/list.html", part=part, context=context)


@require_safe
@access.needs("standard_view")
def standard_detail(request: HttpRequest, code: str) -> HttpResponse:
    """This function will show one standard with all its versions; `at` tries it, `a` and `b` are compared."""
    user, now = signed_in(request), read_clock()
    rows = catalogue.versions(user, code)
    if not rows:
        raise Http404
    shown = catalogue.holding(rows, now)
    first, second = _compared(request.GET, rows)
    may_publish = rights.may(user, "standard_publish")
    form, tried = _tried(request.GET, shown, now)
    context = {
        "now": now,
        "shown": shown,
        "is_clock": is_clock(shown.row),
        "holds": catalogue.holds(shown.row, now),
        "versions": rows,
        "form": form,
        "tried": tried,
        "today": _today(tried, now),
        "first": first,
        "second": second,
        "comparison": catalogue.comparison(rows, first, second),
        "laws": sorted(
            standards.ceilings_of(kind=shown.row.kind, start=shown.row.start), key=lambda law: law.amount
        ),
        "may_change": may_publish and shown.row.authority == Authority.COMPANY,
        "drafts": standard_drafts.open_drafts(code) if may_publish else [],
        "decided": standard_drafts.decided_drafts(code) if may_publish else [],
        "section": "standards",
        "crumbs": [(_("标准目录"), reverse("servicing:standard-list")), (shown.row.name, "")],
    }
    return render(request, "servicing/standards/detail.html", context)


def _tried(asked: QueryDict, shown: catalogue.Shown, now: datetime) -> tuple[TryForm, catalogue.Tried | None]:
    """This function will try the standard from the asked moment, from now where none is asked."""
    if "at" not in asked:
        return TryForm(initial={"at": now}), catalogue.try_out(shown.row.code, now)
    form = TryForm(asked)
    return form, catalogue.try_out(shown.row.code, form.cleaned_data["at"]) if form.is_valid() else None


def _today(tried: catalogue.Tried | None, now: datetime) -> date | None:
    """This function will mark today on a strip that reaches it; a deadline of the past is no broken promise here."""
    due_at = tried.due.due_at if tried and tried.due else None
    return local_date(now) if due_at and now <= due_at else None


def _compared(asked: QueryDict, rows: list[catalogue.Shown]) -> tuple[int, int]:
    """This function will read which two versions are compared, by default the newest with the one before it."""
    newest = rows[0].row.version
    before = rows[1].row.version if len(rows) > 1 else newest
    return _number(asked.get("a"), before), _number(asked.get("b"), newest)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


def _kept(asked: QueryDict, without: str = "") -> str:
    """This function will write the filled filters as a query string, leaving one out."""
    kept = QueryDict(mutable=True)
    names = [name for name in StandardFilter.base_fields if asked.get(name) and name != without]
    kept.update({name: str(asked[name]) for name in names})
    return kept.urlencode()


def _chips(form: StandardFilter, asked: QueryDict) -> list[tuple[str, str]]:
    """This function will name each filter that is set, with the address without it."""
    address = reverse("servicing:standard-list")
    return [(words, f"{address}?{_kept(asked, without=name)}") for name, words in form.applied()]
