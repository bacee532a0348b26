"""The workbench: what a person has promised, nearest first, what was done today, and what they were told."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access, rights
from crm.models import User
from crm.models.staff import Role
from crm.selectors import calendars, notices
from crm.time.closures import Calendars
from crm.views.pages import page_or_part, signed_in
from crm.views.paging import Pages
from servicing.selectors import commitments
from servicing.selectors.commitments import GROUPS, Load
from servicing.selectors.rows import GROUP_STATES, GROUP_WORDS, PromiseRow, group_of, read_rows
from servicing.selectors.workbench import done_today

PAGE_SIZE = 30
DONE_SHOWN = 8
NOTICES_SHOWN = 6
SEES_BRANCH_FIRST = (Role.BRANCH_MANAGER, Role.HEAD_OFFICE, Role.AUDITOR)


@require_safe
@access.needs("workbench")
def workbench(request: HttpRequest) -> HttpResponse:
    """This function will show the running promises by due time, of the person (`?scope=mine`) or the branch."""
    user, now = signed_in(request), read_clock()
    scope = request.GET.get("scope", "branch" if user.role in SEES_BRANCH_FIRST else "mine")
    mine, group = scope != "branch", request.GET.get("group", "")
    load, everywhere = commitments.load_of(user, mine=mine, now=now), calendars.everywhere()
    page = request.GET.get("page", "1")
    context = {
        "now": now,
        "mine": mine,
        "load": load,
        "strip": _strip(load, mine),
        "may_open": rights.may(user, "ticket_open"),
        **_worklist(user, mine, group if group in GROUPS else "", page, load, everywhere, now),
    }
    if request.headers.get("HX-Target") != "worklist":
        context |= {
            "done": read_rows(
                done_today(user, mine=mine, now=now)[:DONE_SHOWN], now=now, everywhere=everywhere
            ),
            "notices": notices.of(user, now=now)[:NOTICES_SHOWN],
        }
    whole, part = "servicing/workbench/home.html", "servicing/workbench/_worklist.html"
    return page_or_part(request, page=whole, part=part, context=context)


def _worklist(
    user: User, mine: bool, group: str, number: str, load: Load, everywhere: Calendars, now: datetime
) -> dict[str, Any]:
    """This function will read one page of the worklist, cut where a group ends."""
    found = commitments.worklist(user, mine=mine, now=now)
    if group:
        found = found.filter(commitments.group_filter(group, now))
    paginator = Pages(found, PAGE_SIZE, known=getattr(load, group or "running"))
    page = paginator.get_page(number)
    rows = read_rows(page.object_list, now=now, everywhere=everywhere)
    query = f"scope={'mine' if mine else 'branch'}" + (f"&group={group}" if group else "")
    return {
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": query,
        "group": group,
        "group_word": GROUP_WORDS.get(group, ""),
        "groups": _grouped(rows, load, now),
    }


def _grouped(rows: list[PromiseRow], load: Load, now: datetime) -> list[dict[str, Any]]:
    return [
        {"word": GROUP_WORDS[key], "count": getattr(load, key), "rows": list(some)}
        for key, some in groupby(rows, key=lambda row: group_of(row.promise, now))
    ]


def _strip(load: Load, mine: bool) -> list[dict[str, Any]]:
    """This function will name the parts of today's bar: what is late, what is due, what rests, what is done."""
    address = f"{reverse('servicing:workbench')}?scope={'mine' if mine else 'branch'}"
    parts = [
        {
            "state": state,
            "word": GROUP_WORDS[key],
            "count": getattr(load, key),
            "url": f"{address}&group={key}",
        }
        for key, state in GROUP_STATES.items()
    ]
    parts[1]["word"] = _("今天到期")
    return [*parts, {"state": "kept", "word": _("今天办结"), "count": load.done_today, "url": "#done"}]
