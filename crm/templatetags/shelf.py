"""Marks that draw from the shelves: the badge of a customer's tier on show."""

from typing import Any

from django import template

from crm.models import Customer
from crm.registry import tier_words
from crm.templatetags.display import tier

register = template.Library()

ORDINARY = "ordinary"


@register.inclusion_tag("components/_tier.html")
def tier_of(customer: Customer) -> dict[str, Any]:
    """This function will draw the badge of a customer's tier on show; whom nobody rated is ordinary."""
    level = customer.tier_shown or ORDINARY
    return tier(level, str(tier_words().get(level, "")))
