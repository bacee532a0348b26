"""The shelf of the customer's timeline: each floor names the rows that it has to tell, crm puts them in order.

A source names a queryset and its moment; the page takes a few of each, so that its queries do not grow with rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from crm import rights
from crm.models import Customer, User


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened, as a person reads it. `url` leads to it, `aside` stands small behind the title."""

    title: str
    text: str = ""
    who: str = ""
    aside: str = ""
    url: str = ""
    event: bool = True


Item = Callable[[Any, User, datetime], TimelineItem]
Items = Callable[[list[Any], User, datetime], list[TimelineItem]]


def each(item: Item) -> Items:
    """This function will read rows one by one, for a source whose rows need nothing more to be read."""
    return lambda rows, user, now: [item(row, user, now) for row in rows]


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """One kind of thing on the timeline: its rows of a customer, the field that dates them, how one reads.

    `covers` begins the acts of the log that need not be told a second time as changes.
    """

    key: str
    title: str | Promise
    icon: str
    order: int
    right: str
    moment: str
    rows: Callable[[Customer], QuerySet[Any]]
    items: Items
    covers: tuple[str, ...] = ()


_sources: dict[str, TimelineSource] = {}


def add_source(source: TimelineSource) -> None:
    """This function will put a kind of thing on the timeline; the same key twice is the same as once."""
    _sources[source.key] = source


def sources_for(user: User) -> list[TimelineSource]:
    """This function will list the kinds that the person may read, in order."""
    found = sorted(_sources.values(), key=lambda source: source.order)
    return [source for source in found if rights.may(user, source.right)]


def covered() -> tuple[str, ...]:
    """This function will list the beginnings of acts that some source tells better than the log."""
    return tuple(start for source in _sources.values() for start in source.covers)
