"""Shapes: markup that is drawn once and then only filled, so that a page of fifty rows costs fifty fills.

A shape is a template with slots, `[[name]]`, rendered for each combination of flags and kept by the process. Flags are
words of the code: states, rights, whether a column is there. What belongs to a row or to a person goes into slots, is
escaped there, and is kept by nobody.
"""

import re
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from crm.keeping import kept

SLOT = re.compile(r"\[\[(\w+)\]\]")
_INDENT = re.compile(r"\s*\n\s*")
# stands for a slot while an address is looked up; both numbers and words may look like this
_IN_PATH = "9876543210987"
_needs_escape = re.compile(r"[&<>\"']").search
_AS_THEY_ARE = (SafeString, int)


class Shape:
    """Markup with slots. The same one is filled for every row and every person."""

    __slots__ = ("_text", "slots")

    def __init__(self, markup: str) -> None:
        """This function will cut the markup at its slots."""
        parts = SLOT.split(_INDENT.sub("\n", markup))
        self.slots = frozenset(parts[1::2])
        self._text = "".join(
            f"%({part})s" if number % 2 else part.replace("%", "%%") for number, part in enumerate(parts)
        )

    def fill(self, **values: object) -> SafeString:
        """This function will write the values into the slots, escaped unless marked safe; a missing one is a KeyError."""
        return SafeString(
            self._text
            % {
                name: value if value.__class__ in _AS_THEY_ARE else escaped(value)
                for name, value in values.items()
            }
        )


def escaped(value: object) -> str:
    """This function will escape what is not marked safe; most words hold nothing to escape, and that is seen at once."""
    if value.__class__ is str:
        return escape(value) if _needs_escape(value) else value
    return conditional_escape(value)  # type: ignore[arg-type]


@kept
def shape(template: str, **flags: str | bool | None) -> Shape:
    """This function will render a template with flags and without a request; what comes out is kept for everybody."""
    return Shape(render_to_string(template, flags))


@kept
def words_of(choices: type[Any]) -> dict[Any, str]:
    """This function will return value → word of a set of choices, looked up once."""
    return {value: _word(word) for value, word in choices.choices}


def address(name: str, slot: str) -> str:
    """This function will write a page's address with a slot where its one argument stands."""
    return reverse(name, args=[_IN_PATH]).replace(_IN_PATH, f"[[{slot}]]")


def _word(word: str | Promise) -> str:
    return str(word)
