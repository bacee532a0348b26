"""The shelf of lists that people filter, keep as views, tick rows of and walk through one by one. Filled by `panels.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.functional import Promise

from crm.models import User


@dataclass(frozen=True, slots=True)
class ListKind:
    """One list: its address, and what upper pages need to know of its rows.

    `rows` gives what a query string asks for, in the list's order; `visible` gives all that the person may see;
    `link` and `title` say where a row is shown and what it is called. `may_keep` refuses words that must not
    be stored, such as a whole phone number.
    """

    key: str
    title: str | Promise
    url_name: str
    right: str
    unit: str | Promise
    rows: Callable[[User, str, datetime], QuerySet[Any]]
    visible: Callable[[User], QuerySet[Any]]
    link: Callable[[Any], str]
    title_of: Callable[[Any], str]
    may_keep: Callable[[str], bool] = lambda query: True


_kinds: dict[str, ListKind] = {}


def add_list(kind: ListKind) -> None:
    """This function will put a list on the shelf; the same key twice is the same as once."""
    _kinds[kind.key] = kind


def kind_of(key: str) -> ListKind | None:
    """This function will return the list of a key, None where there is none."""
    return _kinds.get(key)


def all_kinds() -> list[ListKind]:
    """This function will return every list, in the order in which they were put on the shelf."""
    return list(_kinds.values())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in its list: counted from one, with its neighbours; position 0 has left the list."""

    position: int
    total: int
    previous: int | None
    following: int | None


def place(ids: list[int], row: int, remembered: int) -> Place:
    """This function will find a row among the ids of its list.

    A row that has left the list (it was finished, say) keeps the place where it was: the row that moved up
    into it comes next. `remembered` is that place, counted from one.
    """
    if row in ids:
        at = ids.index(row)
        return Place(at + 1, len(ids), _at(ids, at - 1), _at(ids, at + 1))
    at = min(max(remembered - 1, 0), len(ids))
    return Place(0, len(ids), _at(ids, at - 1), _at(ids, at))


def _at(ids: list[int], index: int) -> int | None:
    return ids[index] if 0 <= index < len(ids) else None


def ids_of(rows: QuerySet[Any], most: int) -> list[int]:
    """This function will read the primary keys of a list's first rows in its order, in one query."""
    return cast(list[int], list(rows.values_list("pk", flat=True)[:most]))
