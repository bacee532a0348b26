"""What a process works out once and keeps, because it depends on the code and the language alone: shapes, words, menus.

Nothing of a person, of a row or of the hour may be kept here.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import get_language, gettext

_MOST = 2000
_kept: list[Callable[[], None]] = []

P = ParamSpec("P")
T = TypeVar("T")


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """This function will make another remember what it made of plain words and numbers, language by language.

    Under DEBUG nothing is remembered, so that a template may be edited while it is looked at.
    """

    @lru_cache(maxsize=_MOST)
    def remembered(_language: str | None, *args: Any, **flags: Any) -> T:
        return make(*args, **flags)

    @wraps(make)
    def given(*args: P.args, **flags: P.kwargs) -> T:
        if settings.DEBUG:
            return make(*args, **flags)
        language = get_language() if len(settings.LANGUAGES) > 1 else None
        return remembered(language, *args, **flags)  # type: ignore[arg-type]

    _kept.append(remembered.cache_clear)
    return given


def forget() -> None:
    """This function will forget everything kept; whoever changes a shelf while pages are drawn must ask for it."""
    for clear in _kept:
        clear()


@kept
def said(words: str) -> str:
    """This function will translate words of the code, each of them once."""
    return gettext(words)
