"""Marks that draw from the shelves: the badge of a customer's tier on show."""

from typing import Any

from django import template

from crm.models import Customer
from crm.registry import tier_words
from crm.templatetags.display import tier

register = template.Library()


@register.inclusion_tag("components/_tier.html")
def tier_of(customer: Customer) -> dict[str, Any]:
    """This function will draw the badge of a customer's tier on show; one whom nobody rated has no badge."""
    return tier(customer.tier_shown, str(tier_words().get(customer.tier_shown, "")))
