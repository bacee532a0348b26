"""Small marks every page uses: icons, badges, tiers, the dash for nothing, dates and amounts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from crm.shapes import shape
from crm.words import ago, full_day, instant_words, slot_words, weekday

register = template.Library()

DASH = "--"
TIERS = {
    "gold": "is-gold",
    "silver": "is-silver",
    "ordinary": "",
}
BAR = 1000  # the width of a strip, in its own units
GAP = 2


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """This function will draw an icon of the sprite; without a label it is hidden from screen readers."""
    return shape("components/_icon.html", name=name, size=size, label=bool(label)).fill(label=label)


@register.simple_tag
def badge(word: str, kind: str = "", icon: str = "") -> SafeString:
    """This function will draw a badge; `kind` is one of action, open, soon, overdue, kept, late, provisional."""
    return shape("components/_badge.html", kind=kind, icon=icon).fill(word=word)


@register.simple_tag
def tier(level: str | None = None, word: str = "", stars: int | None = None) -> SafeString:
    """This function will draw a tier badge, or, given stars, the internal star mark with its lock."""
    if stars is None and not (level and word):
        return SafeString("")
    drawn = shape("components/_tier.html", css=TIERS.get(level or "", ""), star=stars is not None)
    return drawn.fill(word=word, stars=stars)


@register.inclusion_tag("components/_empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "", icon: str = "inbox") -> dict[str, str]:
    """This function will say why there is nothing and what to do next."""
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon}


@register.inclusion_tag("components/_strip.html")
def strip(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """This function will draw one stacked bar with its key; each part is {state, word, count, url}."""
    listed = [dict(part) for part in parts]
    whole = sum(part["count"] for part in listed)
    at = 0
    for part in listed:
        width = BAR * part["count"] // whole if whole else 0
        part.update(x=at, width=max(width - GAP, 1) if part["count"] else 0)
        at += width
    if shown := [part for part in listed if part["count"]]:
        shown[-1]["width"] = BAR - shown[-1]["x"]
    return {"parts": listed, "whole": whole, "bar": BAR}


@register.filter
def is_web(address: str) -> bool:
    """This function will say whether an address may be a link: http or https, nothing that a browser would run."""
    return address.startswith(("http://", "https://"))


@register.filter
def dash(value: object) -> object:
    """This function will show `--` where there is no value; zero is a value."""
    if value is None or value == "":
        return format_html('<span class="jn-dash">{}</span>', DASH)
    return value


@register.filter
def day(value: date | datetime | None) -> str | SafeString:
    """This function will write a date as yyyy-mm-dd."""
    if isinstance(value, datetime):
        return instant_words(value)[:10]
    return full_day(value) if value else format_html('<span class="jn-dash">{}</span>', DASH)


@register.filter
def day_of_week(value: date) -> str:
    """This function will name a date's weekday."""
    return weekday(value)


@register.filter
def instant(value: datetime | None) -> str | SafeString:
    """This function will write an instant as yyyy-mm-dd HH:mm in Shanghai."""
    return instant_words(value) if value else format_html('<span class="jn-dash">{}</span>', DASH)


@register.filter
def slot(value: str) -> str | SafeString:
    """This function will write a job's slot as a day or as day and time; a slot of another kind stays as it is."""
    return slot_words(value) if value else format_html('<span class="jn-dash">{}</span>', DASH)


@register.simple_tag
def since(then: datetime, now: datetime) -> str:
    """This function will say how long ago an instant was."""
    return ago(then=then, now=now)


@register.filter
def yuan(fen: int | None) -> str | SafeString:
    """This function will write an amount in fen as yuan with thousands separators and two places."""
    if fen is None:
        return format_html('<span class="jn-dash">{}</span>', DASH)
    sign, whole, rest = "-" if fen < 0 else "", *divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


@register.filter
def thousands(value: int | None) -> str | SafeString:
    """This function will write a whole number with thousands separators."""
    return f"{value:,}" if isinstance(value, int) else format_html('<span class="jn-dash">{}</span>', DASH)
