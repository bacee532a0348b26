"""The shelves on which upper floors put what the ground floor shows: menu entries and customer panels.

An app's `panels.py` fills them at start-up; crm knows names, not apps.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from crm import rights
from crm.models import User


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the left rail."""

    key: str
    title: str
    url_name: str
    icon: str
    order: int
    right: str


@dataclass(frozen=True, slots=True)
class CustomerPanel:
    """One tab of the customer page; its address takes the customer's pk and answers a fragment."""

    key: str
    title: str
    url_name: str
    order: int
    right: str


_menu: dict[str, MenuEntry] = {}
_panels: dict[str, CustomerPanel] = {}


def add_menu(entry: MenuEntry) -> None:
    """This function will put an entry on the menu shelf; the same key twice is the same as once."""
    _menu[entry.key] = entry


def add_panel(panel: CustomerPanel) -> None:
    """This function will put a panel on the customer page's shelf; the same key twice is the same as once."""
    _panels[panel.key] = panel


def menu_for(user: User, path: str) -> list[dict[str, Any]]:
    """This function will list the entries the person may open, in order, marking the one that `path` is in."""
    entries = [
        {"key": e.key, "title": e.title, "url": reverse(e.url_name), "icon": e.icon}
        for e in sorted(_menu.values(), key=lambda entry: entry.order)
        if rights.may(user, e.right)
    ]
    inside = [e for e in entries if path == e["url"] or (e["url"] != "/" and path.startswith(e["url"]))]
    for e in entries:
        e["current"] = bool(inside) and e is max(inside, key=lambda one: len(one["url"]))
    return entries


def panels_for(user: User) -> list[CustomerPanel]:
    """This function will list the customer panels the person may open, in order."""
    return [p for p in sorted(_panels.values(), key=lambda panel: panel.order) if rights.may(user, p.right)]
