"""The trail that a list's row leaves in its link, so that the page behind it can lead to the next one."""

from typing import Any

from django import template
from django.template import Context
from django.utils.http import urlencode

register = template.Library()


@register.simple_tag(takes_context=True)
def trail(context: Context, row: int) -> str:
    """This function will write `?in=…&from=…&row=…&n=…` for a row of a list; nothing on pages that are no list.

    It reads `trail` and `page` of the page and the number of the loop that draws the row.
    """
    kept: Any = context.get("trail")
    if not kept:
        return ""
    loop, page = context["forloop"], context["page"]
    return f"?{kept}&{urlencode({'row': row, 'n': page.start_index() + loop['counter0']})}"
