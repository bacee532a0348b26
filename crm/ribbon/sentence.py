"""The ribbon as one short paragraph: from when, what counted, what did not, until when. Pure."""

from datetime import date

from django.utils.translation import gettext as _

from crm.ribbon.days import Day, Kind
from crm.time import local_date
from crm.time.clocks import Due
from crm.words import deadline_words, full_day, short_day, weekday

SPELLED_OUT = 7  # more counted days than this are shortened in the middle


def write_sentence(due: Due, days: list[Day], *, end: date | None, ceiling: date | None, limit: str) -> str:
    """This function will say in words what the strip shows."""
    parts = [
        _beginning(due, limit),
        _counted(days),
        _left_out(days),
        _end(due, end),
        _doubt(due, end, ceiling),
    ]
    return "".join(part for part in parts if part)


def _beginning(due: Due, limit: str) -> str:
    """This function will say from when the clock runs and for how long."""
    day = local_date(due.starts_at)
    words = {"day": full_day(day), "weekday": weekday(day), "limit": limit}
    if limit:
        return _("自 %(day)s（%(weekday)s）起算，时限 %(limit)s。") % words
    return _("自 %(day)s（%(weekday)s）起算。") % words


def _counted(days: list[Day]) -> str:
    """This function will list the counted days."""
    counted = [day for day in days if day.ordinal is not None]
    if not counted:
        return ""
    named = [short_day(d.date) + (_("（班）") if d.kind is Kind.MAKEUP else "") for d in counted]
    if len(named) > SPELLED_OUT:
        named = [*named[:3], "…", *named[-2:]]
    return _("计 %(count)d 日：%(days)s。") % {"count": len(counted), "days": "、".join(named)}


def _left_out(days: list[Day]) -> str:
    """This function will count the days that did not count, by cause, in the order they came."""
    causes: dict[tuple[str, str], int] = {}
    for day in days:
        if day.kind not in (Kind.WEEKEND, Kind.HOLIDAY, Kind.PAUSED):
            continue
        cause = {Kind.WEEKEND: _("周末"), Kind.PAUSED: _("暂停")}.get(day.kind, day.note)
        key = cause, day.note if day.kind is Kind.PAUSED else ""
        causes[key] = causes.get(key, 0) + 1
    if not causes:
        return ""
    listed = []
    for (cause, reason), count in causes.items():
        words = _("%(cause)s %(days)d 天") % {"cause": cause, "days": count}
        listed.append(words + (_("（%(reason)s）") % {"reason": reason} if reason else ""))
    return _("不计：%(causes)s。") % {"causes": "、".join(listed)}


def _end(due: Due, end: date | None) -> str:
    """This function will say until when, or that the clock stands still."""
    if due.paused and due.due_at is None:
        return _("现已暂停，恢复后接着计算。")
    if due.due_at:
        return _("应于 %(deadline)s 前办结。") % {"deadline": deadline_words(due.due_at)}
    if end:
        return _("应于 %(day)s %(weekday)s 办结。") % {"day": full_day(end), "weekday": weekday(end)}
    return ""


def _doubt(due: Due, end: date | None, ceiling: date | None) -> str:
    """This function will add the statutory ceiling and, for a provisional date, why it may move."""
    parts = []
    if ceiling:
        parts.append(_("法定最迟 %(day)s。") % {"day": full_day(ceiling)})
    if due.provisional:
        year = (end or local_date(due.starts_at)).year
        parts.append(_("%(year)d 年放假安排尚未公布，此日期为暂定。") % {"year": year})
    return "".join(parts)
