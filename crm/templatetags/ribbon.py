"""The due ribbon as an inclusion tag."""

from datetime import date
from typing import Any

from django import template

from crm.ribbon import build_ribbon
from crm.time.clocks import Due

register = template.Library()


@register.inclusion_tag("components/_ribbon.html")
def ribbon(
    due: Due | None,
    today: date | None = None,
    ceiling: date | None = None,
    closed: date | None = None,
    limit: str = "",
    sentence: bool = True,
) -> dict[str, Any]:
    """This function will draw a receipt; without one (no clock) nothing. `sentence=False` leaves the words out."""
    if due is None:
        return {"ribbon": None}
    drawn = build_ribbon(due, today=today, ceiling=ceiling, closed=closed, limit=limit)
    return {"ribbon": drawn, "sentence": sentence}
