"""The clock component: state by icon, word and colour; relative time in bold, absolute time under it."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.keeping import kept
from crm.shapes import shape
from crm.words import deadline_words, outcome, relative

register = template.Library()

WORDS = {
    "open": _("正常"),
    "scheduled": _("未开始"),
    "soon": _("临期"),
    "overdue": _("超时"),
    "paused": _("已暂停"),
    "kept": _("已完成"),
    "late": _("迟办"),
    "unproven": _("待补凭据"),
    "cancelled": _("已取消"),
    "waived": _("已免除"),
    "none": _("无时限承诺"),
    "provisional": _("暂定"),
}
ICONS = {"unproven": "late", "waived": "cancelled"}  # the others are named like the state
INSTEAD_OF_TIME: dict[str, Any] = {
    "paused": _("到期日待定"),
    "cancelled": _("不再计时"),
    "waived": _("不再计时"),
}
RUNNING = ("open", "soon", "overdue", "scheduled")


@register.simple_tag
def clock_state(
    due_at: datetime | None = None,
    state: str = "open",
    breached_at: datetime | None = None,
    now: datetime | None = None,
    amber_at: datetime | None = None,
) -> str:
    """This function will return the key of the state to show: open, soon, overdue, paused, kept, late, …

    `state` is the promise's own (open, paused, fulfilled, cancelled) or already one of the shown keys.
    """
    if state == "fulfilled":
        return "late" if breached_at else "kept"
    if state not in ("open", "soon"):
        return state if state in WORDS else "open"
    if breached_at or (due_at and now and now > due_at):
        return "overdue"
    if due_at is None:
        return "none"
    return "soon" if state == "soon" or (amber_at and now and now >= amber_at) else "open"


@register.simple_tag
@kept
def state_mark(key: str) -> SafeString:
    """This function will show a state as icon and word."""
    drawn = shape("components/_state.html", key=key, icon=f"state-{ICONS.get(key, key)}")
    return drawn.fill(word=WORDS.get(key, key))


@register.simple_tag
def clock(
    due_at: datetime | None = None,
    state: str = "open",
    breached_at: datetime | None = None,
    provisional: bool = False,
    now: datetime | None = None,
    amber_at: datetime | None = None,
    working_days: int | None = None,
    closed_at: datetime | None = None,
    large: bool = False,
) -> SafeString:
    """This function will show how much time is left and until when; the browser only counts it down.

    `working_days` counts those after today, or after the day it ended, up to the due date, for 剩余 2 个工作日 3 小时
    and 提前 1 个工作日办结.
    """
    key = clock_state(due_at, state, breached_at, now, amber_at)
    runs = key in RUNNING and due_at is not None and now is not None
    drawn = shape(
        "components/_clock.html",
        key=key,
        large=large,
        runs=runs,
        done=closed_at is not None,
        at=due_at is not None,
        provisional=provisional,
    )
    if runs and due_at and now:
        left = relative(now=now, due_at=due_at, working_days=working_days)
    elif closed_at and due_at:
        left = outcome(closed_at=closed_at, due_at=due_at, working_days=working_days)
    else:
        left = _instead_of_time(key)
    return drawn.fill(
        left=left,
        at=deadline_words(due_at) if due_at else "",
        done=deadline_words(closed_at) if closed_at else "",
        due_at=due_at.isoformat(timespec="seconds") if runs and due_at else "",
        now=now.isoformat(timespec="seconds") if runs and now else "",
    )


@kept
def _instead_of_time(key: str) -> str:
    return str({**WORDS, **INSTEAD_OF_TIME}.get(key, ""))
