"""How limits and promises are said in words. Pure: no rows are read here and no clock."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.time.clocks import Unit
from crm.words import instant_words
from servicing.clocks import CalendarUnit
from servicing.models.commitment import PauseReason

WORDS = {
    Unit.WORKING_DAYS: "%(n)d 个工作日",
    Unit.NATURAL_DAYS: "%(n)d 个自然日",
    Unit.HOURS: "%(n)d 小时",
    Unit.MINUTES: "%(n)d 分钟",
    Unit.BUSINESS_HOURS: "%(n)d 个营业小时",
}


OTHER_WORDS = {
    CalendarUnit.MONTHS_AHEAD: "提前 %(n)d 个月",
    CalendarUnit.YEARLY: "每年 %(n)d 次",
    CalendarUnit.MONTHLY: "每月 %(n)d 次",
}


def standard_words(unit: str, amount: int) -> str:
    """This function will say any limit of the catalogue, those that a plan gives dates to as well."""
    if unit == CalendarUnit.UNTIMED:
        return _("不设天数")
    if unit == CalendarUnit.WINDOW:
        return _("可办期 %(n)d 日") % {"n": amount} if amount else _("当日")
    pattern = OTHER_WORDS.get(unit)  # type: ignore[call-overload]
    return _(pattern) % {"n": amount} if pattern else limit_words(unit, amount)


def limit_words(unit: str, amount: int) -> str:
    """This function will say a limit, e.g. 5 个工作日; a unit that is no clock (a window) gives an empty string."""
    if unit == Unit.SAME_DAY:
        return _("当日办结")
    pattern = WORDS.get(unit)  # type: ignore[call-overload]
    return _(pattern) % {"n": amount} if pattern else ""


def event_words(kind: str, detail: dict[str, Any], alarm: str | None = None) -> str:
    """This function will say what an event of a promise holds beside its name; empty where nothing needs saying."""
    if kind == "opened":
        return _("应于 %(due)s 前办结") % {"due": _moment(detail.get("due_at"))}
    if kind in ("resumed", "redated"):
        said = _("到期时刻为 %(due)s") % {"due": _moment(detail.get("due_at"))}
        return said + (_("；暂停超过规定天数，没有批准人") if detail.get("unapproved") else "")
    if kind in ("settled", "reclassified"):
        words = {"old": _moment(detail.get("former_due")), "due": _moment(detail.get("due_at"))}
        return _("到期时刻由 %(old)s 变为 %(due)s") % words
    if kind == "over_ceiling":
        return _("法定上限为 %(at)s") % {"at": _moment(detail.get("ceiling_at"))}
    if kind == "paused":
        reason = detail.get("reason", "")
        return _("原因：%(why)s") % {
            "why": PauseReason(reason).label if reason in PauseReason.values else reason
        }
    if kind == "fulfilled":
        return _("迟于到期时刻，超时的事实不变") if detail.get("late") else _("在时限内")
    if kind in ("evidence", "disproved"):
        return str(detail.get("reference", ""))
    if kind in ("warned", "broken", "escalated"):
        return _alarm_words(kind, alarm or "")
    return str(detail.get("reason", ""))


def _alarm_words(kind: str, alarm: str) -> str:
    """This function will say whom a rung of the ladder concerned."""
    if kind == "warned":
        return _("临近到期，已提醒责任人")
    if kind == "broken":
        return _("到期未办结，已通知责任人和主管")
    if alarm.startswith("pause_long"):
        return _("暂停超过规定天数，需要批准")
    return _("仍未办结，已通知主管") if alarm.endswith(":1") else _("仍未办结，已通知机构管理者")


def _moment(text: str | None) -> str:
    return instant_words(datetime.fromisoformat(text)) if text else "--"
