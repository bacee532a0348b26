"""The clauses of a holiday notice: what “2月15日至23日放假调休”, “共9天” and “2月14日（周六）上班” say."""

import re
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from crm.time.notice_dates import Days


class Says(Enum):
    """What a clause can say."""

    OFF = auto()
    COUNT = auto()
    IN_LIEU = auto()
    WORKED = auto()
    WITH_WEEKEND = auto()
    LAWFUL = auto()
    WEEKEND = auto()
    MOVED = auto()
    NOTHING = auto()


class Clause(NamedTuple):
    """One clause: what it says of which days, how many it counts, and the days a weekend moved to."""

    says: Says
    days: list[date]
    counted: int | None = None
    targets: list[date] | None = None


_COUNT = re.compile(r"(?:共|放假)(?:计)?(\d{1,2}|[一二两三四五六七八九十])天")
_NUMERALS = "一二三四五六七八九十"
_FIXED = {"与周末连休": Says.WITH_WEEKEND, "不调休": Says.NOTHING}
_PARTS = re.compile(r"[,;:](?!为)(?![^()]*\))")
_PATTERNS = (
    (Says.MOVED, re.compile(r"将?(.+?)(?:[两三四]个)?公休日(?:及\D{1,4})?(?:分别)?调至(.+)")),
    (Says.LAWFUL, re.compile(r"(.+?),?(?:为|是)\D{0,4}(?:法定节假日|法定假日)")),
    (Says.WEEKEND, re.compile(r"(.+?)(?:,?(?:为|是)公休日|照常公休)")),
    (Says.OFF, re.compile(r"(.+?)放假(?:调休|公休|连休)?(?:(\d{1,2}|[一二两三四五六七八九十])天)?")),
    (Says.IN_LIEU, re.compile(r"(.+?)(?:补休|调休)")),
    (Says.WORKED, re.compile(r"(.+?)(?:正常|照常)?上班")),
)


def clauses_of(sentence: str) -> list[str]:
    """This function will cut a sentence at its commas, but not inside brackets."""
    return [part.removeprefix("其中") for part in _PARTS.split(sentence) if part.removeprefix("其中")]


def read_clause(words: str, days: Days) -> Clause | None:
    """This function will read one clause; None where it says nothing that the house knows."""
    if words in _FIXED:
        return Clause(_FIXED[words], [])
    if count := _COUNT.fullmatch(words):
        return Clause(Says.COUNT, [], _number(count[1]))
    for says, pattern in _PATTERNS:
        if match := pattern.fullmatch(words):
            return _with_days(says, match, days)
    return None


def _with_days(says: Says, match: re.Match[str], days: Days) -> Clause | None:
    listed = days.read(match[1])
    if listed is None:
        return None
    if says is Says.MOVED:
        targets = days.read(match[2])
        return None if targets is None else Clause(says, listed, targets=targets)
    counted = _number(match[2]) if says is Says.OFF and match[2] else None
    return Clause(says, listed, counted)


def _number(words: str) -> int:
    return int(words) if words.isascii() else _NUMERALS.index(words.replace("两", "二")) + 1
