"""The frame around every page: menu, top bar, bell, sheet of keys. What depends on the role alone is drawn once for it
(`crm/shapes.py`); name, branch, token and number unread are filled in for each page."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from crm import registry, rights, shortcuts
from crm.keeping import kept
from crm.models.staff import Role
from crm.shapes import Shape, shape, words_of

register = template.Library()
SHOWN_UNREAD = 99


@register.simple_tag(takes_context=True)
def rail(context: Context) -> SafeString:
    """This function will draw the menu of the person's role, with the entry marked that the page is in."""
    request: Any = context["request"]
    if not request.user.is_authenticated:
        return _rail("", "")
    role = request.user.role
    return _rail(role, registry.place_of(role, request.path))


@kept
def _rail(role: str, here: str) -> SafeString:
    return mark_safe(render_to_string("components/_rail.html", {"menu": registry.menu_of(role, here)}))


@register.simple_tag(takes_context=True)
def top(context: Context) -> SafeString:
    """This function will draw the bar above the page: search, branch, bell and the person's own menu."""
    user: Any = context["request"].user
    if not user.is_authenticated:
        return shape("components/_top.html", person=False, searches=False).fill()
    name = user.get_full_name()
    return shape("components/_top.html", person=True, searches=rights.may(user, "customer_view")).fill(
        csrf=str(context.get("csrf_token", "")),
        branch=user.branch.name,
        name=name,
        initial=name[:1],
        role=words_of(Role).get(user.role, user.role),
        bell=bell(int(str(context["unread"]))),  # asked only now; a lazy number is no int
    )


def bell(unread: int) -> SafeString:
    """This function will draw the bell with the number unread; scripts fetch it anew while the page is looked at."""
    shown = f"{SHOWN_UNREAD}+" if unread > SHOWN_UNREAD else unread
    return shape("components/_bell.html", some=bool(unread)).fill(unread=unread, shown=shown)


@register.simple_tag(takes_context=True)
def keys_sheet(context: Context) -> SafeString:
    """This function will draw the sheet of keys of the person's role; nothing for who is not logged in."""
    request: Any = context["request"]
    if not request.user.is_authenticated:
        return SafeString("")
    drawn = _keys_sheet(request.user.role, request.user.keys_on)
    return drawn.fill(csrf=str(context.get("csrf_token", "")), next=request.get_full_path())


@kept
def _keys_sheet(role: str, on: bool) -> Shape:
    groups = shortcuts.groups_of(role)
    return Shape(render_to_string("components/_keys.html", {"key_groups": groups, "on": on}))
