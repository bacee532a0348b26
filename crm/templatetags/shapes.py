"""Shapes in templates: addresses with a slot, and parts of the page that are the same for everybody."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from crm import shapes

register = template.Library()


@register.simple_tag
def slot_url(name: str, slot: str) -> SafeString:
    """This function will write an address with a slot in it, for templates that are shapes."""
    return mark_safe(shapes.address(name, slot))


@register.simple_tag
def same_for_all(name: str) -> SafeString:
    """This function will draw a template that shows nothing of the page or the person, once for all."""
    return shapes.shape(name).fill()
