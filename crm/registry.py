"""The shelves on which upper floors put what the ground floor shows: menu entries and customer panels.

An app's `panels.py` and `invariants.py` fill them at start-up; crm knows names, not apps.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Literal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from crm import keeping, rights
from crm.keeping import kept
from crm.models import Branch, Customer, User
from crm.time.closures import Calendars


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """One heading of the left rail, under daily work; it opens by itself on the pages that it holds."""

    key: str
    title: str | Promise
    icon: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the left rail; `go` is the letter that leads there after a `g`.

    Without a group it is daily work and stands on top; a phone shows the first four of those in its bar.
    """

    key: str
    title: str | Promise
    url_name: str
    icon: str
    order: int
    right: str
    go: str = ""
    group: str = ""


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
class Work:
    """One kind of work that people hold; whoever holds any cannot be switched off.

    `count` answers for many people at once. `moving` says how much of it goes along when these customers get
    another keeper; None where customers take none of it along.
    """

    key: str
    title: str | Promise
    order: int
    count: Callable[[Sequence[int]], Mapping[int, int]]
    moving: Callable[[QuerySet[Customer]], int] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """How much work of one kind a person holds, or goes along with customers."""

    key: str
    title: str
    count: int


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


@dataclass(frozen=True, slots=True)
class Invariant:
    """One sentence about the data that must be true at any moment, and what names the rows for which it is not.

    `broken` only reads, in a fixed number of queries, and hands the rows out one by one.
    """

    key: str
    sentence: str | Promise
    broken: Callable[[datetime], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Backlog:
    """One queue of work: what people call it, and since when its oldest due item has been waiting."""

    key: str
    title: str | Promise
    oldest: Callable[[datetime], datetime | None]


CalendarPreview = Callable[[Calendars, Branch | None, bool], CalendarImpact]

_menu: dict[str, MenuEntry] = {}
_menu_groups: dict[str, MenuGroup] = {}
_panels: dict[str, CustomerPanel] = {}
_tier_words: dict[str, Any] = {}
_log_words: dict[str, Any] = {}
_look_words: dict[str, Any] = {}
_message_words: dict[str, Any] = {}
_work: dict[str, Work] = {}
_calendar_previews: list[CalendarPreview] = []
_demo: dict[str, DemoPart] = {}
_invariants: dict[str, Invariant] = {}
_backlogs: dict[str, Backlog] = {}


def add_menu(entry: MenuEntry) -> None:
    """This function will put an entry on the menu shelf; the same key twice is the same as once."""
    _menu[entry.key] = entry
    keeping.forget()


def add_menu_group(group: MenuGroup) -> None:
    """This function will put a heading on the menu shelf, below those already there; twice is the same as once."""
    _menu_groups[group.key] = group
    keeping.forget()


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


def add_look_words(words: Mapping[str, Any]) -> None:
    """This function will name acts of the log that are looks at a customer's data; an export is one.

    They stand in the customer's 访问记录 and need no name elsewhere.
    """
    _look_words.update(words)
    add_log_words(words)


def look_words() -> dict[str, Any]:
    """This function will return action → word of every act that is a look at a customer's data."""
    return dict(_look_words)


def add_message_words(words: Mapping[str, Any]) -> None:
    """This function will name kinds of messages as pages show them: birthday_greeting is 生日祝福."""
    _message_words.update(words)


def message_word(kind: str) -> str:
    """This function will name a kind of message; one that nobody named shows its code."""
    return str(_message_words.get(kind, kind))


def message_words() -> dict[str, Any]:
    """This function will return kind → word of every kind of message."""
    return dict(_message_words)


def add_calendar_preview(preview: CalendarPreview) -> None:
    """This function will put a floor's answer to "who would move?" on the shelf; it must only read."""
    if preview not in _calendar_previews:
        _calendar_previews.append(preview)


def calendar_impact(
    everywhere: Calendars, branch: Branch | None = None, *, firm: bool = False
) -> CalendarImpact:
    """This function will ask every floor what calendars that are not in force yet would do to its dates.

    Of one branch and all below it, or of the country; with the firm dates too, or only those left open.
    """
    found = [preview(everywhere, branch, firm) for preview in _calendar_previews]
    return CalendarImpact(
        sum(one.settled for one in found),
        sum(one.moved for one in found),
        tuple(row for one in found for row in one.first),
    )


def add_work(work: Work) -> None:
    """This function will put a kind of work on the shelf; the same key twice is the same as once."""
    _work[work.key] = work


def works() -> list[Work]:
    """This function will list the kinds of work in order."""
    return sorted(_work.values(), key=lambda one: one.order)


def held_by(user: User) -> list[Held]:
    """This function will say what work a person holds, leaving out what there is none of."""
    found = [(one, one.count([user.pk]).get(user.pk, 0)) for one in works()]
    return [Held(one.key, str(one.title), number) for one, number in found if number]


def moving_with(customers: QuerySet[Customer]) -> list[Held]:
    """This function will say what work goes along when customers get another keeper, none of it left out."""
    return [Held(one.key, str(one.title), one.moving(customers)) for one in works() if one.moving is not None]


def menu_entries(role: str) -> list[MenuEntry]:
    """This function will list the entries that a role may open, in order."""
    return [
        entry
        for entry in sorted(_menu.values(), key=lambda one: one.order)
        if rights.holds(role, entry.right)
    ]


def menu_for(user: User, path: str) -> list[dict[str, Any]]:
    """This function will list what the person may open, marking the entry that `path` is in."""
    return menu_of(user.role, place_of(user.role, path)) if user.is_active else []


def place_of(role: str, path: str) -> str:
    """This function will say in which entry of a role's menu an address is, by its key; empty for none."""
    inside = [
        (url, key) for url, key in _places(role) if path == url or (url != "/" and path.startswith(url))
    ]
    return max(inside, key=lambda one: len(one[0]))[1] if inside else ""


@kept
def _places(role: str) -> list[tuple[str, str]]:
    return [(reverse(entry.url_name), entry.key) for entry in menu_entries(role)]


def menu_of(role: str, here: str) -> list[dict[str, Any]]:
    """This function will list daily work, then the headings with what they hold, marking the entry `here`.

    A heading over a single entry would be a click for nothing: that entry stands in its place.
    """
    entries: list[dict[str, Any]] = [
        {"key": e.key, "title": e.title, "url": reverse(e.url_name), "icon": e.icon, "group": e.group}
        for e in menu_entries(role)
    ]
    for e in entries:
        e["current"] = e["key"] == here
    shown = [e for e in entries if e["group"] not in _menu_groups]
    for group in _menu_groups.values():
        held = [e for e in entries if e["group"] == group.key]
        shown += held if len(held) < 2 else [_headed(group, held)]
    return shown


def _headed(group: MenuGroup, held: list[dict[str, Any]]) -> dict[str, Any]:
    current = any(e["current"] for e in held)
    return {
        "key": group.key,
        "title": group.title,
        "icon": group.icon,
        "current": current,
        "children": held,
    }


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


def add_invariant(invariant: Invariant) -> None:
    """This function will put a sentence about the data on the shelf; the same key twice is the same as once."""
    _invariants[invariant.key] = invariant


def invariants() -> list[Invariant]:
    """This function will list the sentences of all floors, the ground floor's first."""
    return list(_invariants.values())


def add_backlog(backlog: Backlog) -> None:
    """This function will put a queue of work on the shelf; the same key twice is the same as once."""
    _backlogs[backlog.key] = backlog


def backlogs() -> list[Backlog]:
    """This function will list the queues of work of all floors."""
    return list(_backlogs.values())
