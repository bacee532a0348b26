"""What the person on the page may do, asked in templates; the doors and services ask again on their own."""

from typing import Any

from django import template

from crm import rights

register = template.Library()


@register.filter
def may(user: Any, right: str) -> bool:
    """This function will say whether the person holds a right."""
    return rights.may(user, right)
