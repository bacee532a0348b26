"""Half-open spans of dates or instants, [starts, ends); no end means still running.

Spans of dates and spans of instants are never mixed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from crm.refusal import Refusal

Moment = TypeVar("Moment", bound=date)
AnyMoment = TypeVar("AnyMoment", bound=date, covariant=True)


class PeriodIsEmpty(Refusal):
    """A span ends before, or when, it begins."""


class Bounded(Protocol[AnyMoment]):
    """Anything with a beginning and an end."""

    @property
    def starts(self) -> AnyMoment:
        """The first moment inside."""

    @property
    def ends(self) -> AnyMoment | None:
        """The first moment outside, None while it runs."""


Row = TypeVar("Row", bound=Bounded[date])


@dataclass(frozen=True, slots=True)
class Period(Generic[Moment]):
    """One span: from 2026-05-20 up to, not with, 2026-12-01."""

    starts: Moment
    ends: Moment | None = None

    def __post_init__(self) -> None:
        """This function will refuse a span without a single moment in it."""
        if self.ends is not None and self.ends <= self.starts:
            raise PeriodIsEmpty(f"时段不成立：结束 {self.ends} 须晚于开始 {self.starts}。")


def contains(period: Bounded[Moment], moment: Moment) -> bool:
    """This function will say whether a moment lies in the span: the start does, the end does not."""
    return period.starts <= moment and (period.ends is None or moment < period.ends)


def overlaps(first: Bounded[Moment], second: Bounded[Moment]) -> bool:
    """This function will say whether two spans share a moment; spans that only touch do not."""
    starts_in_time = first.ends is None or second.starts < first.ends
    return starts_in_time and (second.ends is None or first.starts < second.ends)


def as_of(rows: Iterable[Row], moment: date) -> Row | None:
    """This function will find the row in force at a moment (rulebook X-15), None where none is."""
    return next((row for row in rows if contains(row, moment)), None)


def first_overlap(rows: Iterable[Row]) -> tuple[Row, Row] | None:
    """This function will find the first two rows that share a moment, None where the rows are disjoint."""
    ordered = sorted(rows, key=lambda row: row.starts)
    for earlier, later in pairwise(ordered):
        if overlaps(earlier, later):
            return earlier, later
    return None
