"""The deadline calculator (时效试算): any limit from any moment, answered with its arithmetic. Nothing is saved."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access
from crm.refusal import Refusal
from crm.time import local_date
from crm.views.pages import page_or_part
from servicing.forms.deadlines import MOST_PAUSES, TrialForm, pause_lines
from servicing.selectors import trials


@require_safe
@access.needs("deadline_trial")
def deadline_trial(request: HttpRequest) -> HttpResponse:
    """This function will answer what the address asks; wrong input is told beside its field.

    `rows` is the number of pause lines on the page; the button 加一段暂停 asks for one more.
    """
    now, asked = read_clock(), request.GET
    text = asked.get("more") or asked.get("rows", "1")
    count = min(int(text), MOST_PAUSES) if text.isdecimal() else 1
    tried = "at" in asked
    form = (
        TrialForm(asked, now=now)
        if tried
        else TrialForm(now=now, initial={"at": now, "tier": "silver", "clock": "kind:change"})
    )
    pauses = pause_lines(asked if tried else {}, count)
    trial = _answer(form, pauses) if tried else None
    context = {
        "now": now,
        "today": _today(trial, now),
        "form": form,
        "pauses": pauses,
        "rows": count,
        "more": count + 1 if count < MOST_PAUSES else 0,
        "trial": trial,
        "crumbs": [(_("时效试算"), "")],
    }
    part = "servicing/deadlines/_trial.html"
    return page_or_part(request, page="servicing/deadlines/trial.html", part=part, context=context)


def _answer(form: TrialForm, pauses: Any) -> trials.Trial | None:
    if not (form.is_valid() & pauses.is_valid()):
        return None
    try:
        return trials.try_out(**form.cleaned_data, pauses=pauses.spans())
    except Refusal as refusal:
        form.add_error("clock", refusal.message)
        return None


def _today(trial: trials.Trial | None, now: datetime) -> Any:
    """This function will mark today on a strip that reaches it; a deadline of the past is no broken promise here."""
    due_at = trial.main.due.due_at if trial else None
    return local_date(now) if due_at and now <= due_at else None
