"""The doors of 恢复报告: what an outage left, where each thing stands now, and the word that lets sending go on."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm import access, rights
from crm.models import Recovery, TickState
from crm.registry import message_word
from crm.selectors import recoveries
from crm.selectors.recoveries import Part
from crm.views.pages import signed_in

PAGE_SIZE = 50
WORDS: dict[str, Any] = {
    Part.MADE_UP: gettext_lazy("已补"),
    Part.MISSED: gettext_lazy("错过"),
    Part.WAITING: gettext_lazy("待发"),
    Part.PERSON: gettext_lazy("待人工"),
    Part.NOT_SENT: gettext_lazy("不发"),
}


@require_safe
@access.needs("jobs_view")
def recovery_list(request: HttpRequest) -> HttpResponse:
    """This function will list the outages that left something due."""
    context = {"reports": recoveries.newest(), "crumbs": [*_crumbs(), (_("恢复报告"), "")]}
    return render(request, "crm/jobs/recoveries.html", context)


@require_safe
@access.needs("jobs_view")
def recovery_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """This function will show one outage: by kind what was due and where it stands, and the list of one part."""
    report = Recovery.objects.select_related("confirmed_by").filter(pk=pk).first()
    if report is None:
        raise Http404
    user = signed_in(request)
    customers, part = access.visible_customers(user), request.GET.get("part", "")
    paginator = Paginator(recoveries.of_part(report, customers, part), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page", "1"))
    singles = list(recoveries.singles_of_part(report, customers, part)[:PAGE_SIZE])
    rows: list[Any] = [*page.object_list, *singles]
    for row in rows:
        row.word = message_word(row.kind)
    context = {
        "now": read_clock(),
        "report": report,
        "state": TickState.objects.filter(pk=1).first(),
        "may_resume": rights.may(user, "jobs_resume"),
        **_counted(recoveries.lines(report, customers)),
        "part": part if part in WORDS else "",
        "part_word": WORDS.get(part, _("全部")),
        "page": page,
        "pages": paginator.get_elided_page_range(page.number),
        "query": f"part={part}" if part in WORDS else "",
        "singles": singles,
        "crumbs": [
            *_crumbs(),
            (_("恢复报告"), reverse("crm:recovery-list")),
            (_("%(at)s 恢复") % {"at": f"{report.ended_at:%m-%d}"}, ""),
        ],
    }
    return render(request, "crm/jobs/recovery.html", context)


def _counted(lines: list[recoveries.Line]) -> dict[str, Any]:
    parts = [(str(part), WORDS[part]) for part in Part]
    return {
        "parts": [(key, word, sum(line.parts[key] for line in lines)) for key, word in parts],
        "due": sum(line.due for line in lines),
        "lines": [
            (message_word(line.kind), line.due, [(word, line.parts[key]) for key, word in parts])
            for line in lines
        ],
    }


def _crumbs() -> list[tuple[str, str]]:
    return [(_("作业"), reverse("crm:job-list"))]
