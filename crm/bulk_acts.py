"""The shelf of acts that may be done to many rows of a list at once. Filled by `panels.py` of the floor that does them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from crm import rights
from crm.models import User


@dataclass(frozen=True, slots=True)
class Done:
    """What one row's act leaves: whose log it stands in, and a word about it where there is one."""

    customer: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BulkAct:
    """One act: the word of its button, the right it needs, the form that is asked once, and what is done to one row.

    `run` gets the row's primary key and what the valid form holds; it raises a Refusal where the row does not
    allow the act. It is called inside the row's own transaction.
    """

    key: str
    list: str
    word: str | Promise
    icon: str
    right: str
    form: Callable[[User, Any], Any]
    run: Callable[[User, int, Mapping[str, Any], datetime], Done]

    @property
    def url(self) -> str:
        """This function will return the address that takes the ticked rows."""
        return reverse("crm:bulk-new", args=[self.key])


@dataclass(frozen=True, slots=True)
class BulkDoor:
    """An act that has a page of its own for what was ticked, because it is one decision about all of them together.

    The page takes the posted `ids`; it knows nothing of rows that were not ticked.
    """

    key: str
    list: str
    word: str | Promise
    icon: str
    right: str
    url_name: str

    @property
    def url(self) -> str:
        """This function will return the address that takes the ticked rows."""
        return reverse(self.url_name)


_acts: dict[str, BulkAct | BulkDoor] = {}


def add_bulk_act(act: BulkAct | BulkDoor) -> None:
    """This function will put an act on the shelf; the same key twice is the same as once."""
    _acts[act.key] = act


def act_of(key: str) -> BulkAct | None:
    """This function will return the act of a key, None where there is none that is done row by row."""
    act = _acts.get(key)
    return act if isinstance(act, BulkAct) else None


def acts_for(user: User, list_key: str) -> list[BulkAct | BulkDoor]:
    """This function will list the acts on a list's rows that the person may do."""
    return [act for act in _acts.values() if act.list == list_key and rights.may(user, act.right)]


def takes_all(acts: Sequence[BulkAct | BulkDoor]) -> bool:
    """This function will say whether every one of the acts can take all rows that a query asks for, unticked."""
    return all(isinstance(act, BulkAct) for act in acts)
