"""Whether the person on the page may remind a promise's owner, asked in templates; the service asks again on its own."""

from typing import Any

from django import template
from django.template import Context

from servicing.models import Commitment
from servicing.selectors import urging

register = template.Library()


@register.simple_tag(takes_context=True)
def may_urge(context: Context, promise: Commitment) -> bool:
    """This function will say whether the page offers a reminder; it reads `request` and `now` of the page."""
    asking: Any = context["request"].user
    return urging.may_urge(asking, promise, context["now"])
