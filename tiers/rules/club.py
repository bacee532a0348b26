"""Who joins the group's top-customer club for a gold customer (rulebook PA-16.1)."""

from collections.abc import Sequence
from typing import NamedTuple

# The chairman comes first; a vice holds another title.
TITLES = ("董事长", "总经理")


class Person(NamedTuple):
    """A service object: who, with which title, and whether of the first kind."""

    name: str
    title: str
    is_first: bool


def club_member(tier: str, people: Sequence[Person]) -> Person | None:
    """This function will choose the one person per gold customer: the chairman, else the general manager, else nobody.

    Two with the same title: the one who was entered first.
    """
    if tier != "gold":
        return None
    for title in TITLES:
        for person in people:
            if person.is_first and title in _titles(person.title):
                return person
    return None


def _titles(words: str) -> list[str]:
    """董事长兼总经理 is both; 副总经理 is neither."""
    for mark in ("兼", "、", "，", ",", "/", "／", " "):
        words = words.replace(mark, "|")
    return words.split("|")
