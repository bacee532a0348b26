"""The shelves on which upper floors put what the ground floor shows: menu entries and customer panels.

An app's `panels.py` fills them at start-up; crm knows names, not apps.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Literal

from django.urls import reverse
from django.utils.functional import Promise

from crm import rights
from crm.models import User
from crm.time.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the left rail."""

    key: str
    title: str | Promise
    url_name: str
    icon: str
    order: int
    right: str


@dataclass(frozen=True, slots=True)
class CustomerPanel:
    """One tab of the customer page, or one line in its head; its address takes the pk and answers a fragment."""

    key: str
    title: str | Promise
    url_name: str
    order: int
    right: str
    place: Literal["tab", "head"] = "tab"


@dataclass(frozen=True, slots=True)
class MovedDate:
    """One thing whose date a new calendar would move."""

    title: str
    customer: str
    owner: str
    url: str
    former: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class CalendarImpact:
    """What a calendar would do to the dates of one floor: how many it would settle, how many move, the first of those."""

    settled: int
    moved: int
    first: tuple[MovedDate, ...]


@dataclass(frozen=True, slots=True)
class DemoStage:
    """What a part of the demo gets: the moment that it shows, how many customers, the same dice at every run."""

    now: datetime
    customers: int
    dice: Random


@dataclass(frozen=True, slots=True)
class DemoPart:
    """One floor's part of the demo."""

    key: str
    order: int
    seed: Callable[[DemoStage], None]


_menu: dict[str, MenuEntry] = {}
_panels: dict[str, CustomerPanel] = {}
_tier_words: dict[str, Any] = {}
_log_words: dict[str, Any] = {}
_message_words: dict[str, Any] = {}
_calendar_previews: list[Callable[[WorkCalendar], CalendarImpact]] = []
_demo: dict[str, DemoPart] = {}


def add_menu(entry: MenuEntry) -> None:
    """This function will put an entry on the menu shelf; the same key twice is the same as once."""
    _menu[entry.key] = entry


def add_panel(panel: CustomerPanel) -> None:
    """This function will put a panel on the customer page's shelf; the same key twice is the same as once."""
    _panels[panel.key] = panel


def add_tier_words(words: Mapping[str, Any]) -> None:
    """This function will name the levels that customers show in lists, in order: gold is 金牌."""
    _tier_words.update(words)


def tier_words() -> dict[str, Any]:
    """This function will return level → word of every level that a list can show."""
    return dict(_tier_words)


def add_log_words(words: Mapping[str, Any]) -> None:
    """This function will name acts of the log as pages show them: crm.contact.revealed is 查看明文."""
    _log_words.update(words)


def log_word(action: str) -> str:
    """This function will name an act of the log; one that nobody named shows its code."""
    return str(_log_words.get(action, action))


def add_message_words(words: Mapping[str, Any]) -> None:
    """This function will name kinds of messages as pages show them: birthday_greeting is 生日祝福."""
    _message_words.update(words)


def message_word(kind: str) -> str:
    """This function will name a kind of message; one that nobody named shows its code."""
    return str(_message_words.get(kind, kind))


def message_words() -> dict[str, Any]:
    """This function will return kind → word of every kind of message."""
    return dict(_message_words)


def add_calendar_preview(preview: Callable[[WorkCalendar], CalendarImpact]) -> None:
    """This function will put a floor's answer to "who would move?" on the shelf; it must only read."""
    if preview not in _calendar_previews:
        _calendar_previews.append(preview)


def calendar_impact(calendar: WorkCalendar) -> CalendarImpact:
    """This function will ask every floor what a calendar that is not in force yet would do to its dates."""
    found = [preview(calendar) for preview in _calendar_previews]
    return CalendarImpact(
        sum(one.settled for one in found),
        sum(one.moved for one in found),
        tuple(row for one in found for row in one.first),
    )


def menu_for(user: User, path: str) -> list[dict[str, Any]]:
    """This function will list the entries the person may open, in order, marking the one that `path` is in."""
    entries: list[dict[str, Any]] = [
        {"key": e.key, "title": e.title, "url": reverse(e.url_name), "icon": e.icon}
        for e in sorted(_menu.values(), key=lambda entry: entry.order)
        if rights.may(user, e.right)
    ]
    inside = [e for e in entries if path == e["url"] or (e["url"] != "/" and path.startswith(e["url"]))]
    for e in entries:
        e["current"] = bool(inside) and e is max(inside, key=lambda one: len(one["url"]))
    return entries


def panels_for(user: User, place: Literal["tab", "head"] = "tab") -> list[CustomerPanel]:
    """This function will list the customer panels of one place that the person may open, in order."""
    return [
        panel
        for panel in sorted(_panels.values(), key=lambda panel: panel.order)
        if panel.place == place and rights.may(user, panel.right)
    ]


def add_demo(part: DemoPart) -> None:
    """This function will put a part on the demo's shelf; the same key twice is the same as once."""
    _demo[part.key] = part


def demo_parts() -> list[DemoPart]:
    """This function will list the parts of the demo in the order in which they are seeded."""
    return sorted(_demo.values(), key=lambda part: part.order)
