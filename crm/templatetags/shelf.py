"""Marks that draw from the shelves: the badge of a customer's tier on show."""

from django import template
from django.utils.safestring import SafeString

from crm.models import Customer
from crm.registry import tier_words
from crm.templatetags.display import tier

register = template.Library()

ORDINARY = "ordinary"


@register.simple_tag
def tier_of(customer: Customer) -> SafeString:
    """This function will draw the badge of a customer's tier on show; whom nobody rated is ordinary."""
    level = customer.tier_shown or ORDINARY
    return tier(level, str(tier_words().get(level, "")))
