"""Hard ranking: the first N by one chain of rules, never by the order of rows, never widened (rulebook PA-13.1-13.3)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import nsmallest
from typing import Any, Literal

from crm.refusal import Refusal

Criterion = Literal["score", "premium", "years", "first_policy", "number"]

# What decides between two customers, in this order; the number differs always, so there is always a decision.
CHAIN: tuple[Criterion, ...] = ("score", "premium", "years", "first_policy", "number")


class QuotaIsNotSet(Refusal):
    """The institution has not said how many places there are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer in a ranking. Money in yuan; `years` are whole years since the first policy."""

    number: str
    score: Decimal
    premium: Decimal
    years: int
    first_policy: date


@dataclass(frozen=True, slots=True)
class Cut:
    """Who is in, in rank order, and what happened at the cut line.

    `tied`: everybody with the score of the last one in, where the line goes between equal scores.
    `decided_by`: the first criterion of the chain in which the last one in and the first one out differ.
    """

    places: int
    chosen: tuple[Candidate, ...]
    first_out: Candidate | None = None
    tied: tuple[Candidate, ...] = ()
    decided_by: Criterion | None = None

    @property
    def vacant(self) -> int:
        """This function will count the places that nobody takes; they lapse (PA-13.2)."""
        return self.places - len(self.chosen)


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold list: the main ranking and the slots for new customers."""

    main: Cut
    new: Cut

    @property
    def members(self) -> tuple[Candidate, ...]:
        """This function will give all gold customers, the main ranking first."""
        return (*self.main.chosen, *self.new.chosen)


def place(candidate: Candidate) -> tuple[Any, ...]:
    """This function will give what a ranking sorts by: the smaller comes first."""
    return (
        -candidate.score,
        -candidate.premium,
        -candidate.years,
        candidate.first_policy,
        candidate.number,
    )


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """This function will sort by the chain; the same list whatever order they came in."""
    return sorted(candidates, key=place)


def hard_ranking(candidates: Collection[Candidate], places: int) -> Cut:
    """This function will choose exactly the first `places`, or all where there are fewer; a tie widens nothing."""
    head = nsmallest(places + 1, candidates, key=place)
    chosen, first_out = tuple(head[:places]), head[places] if len(head) > places else None
    if not chosen or first_out is None:
        return Cut(places, chosen, first_out)
    last_in = chosen[-1]
    ties = last_in.score == first_out.score
    tied = ranked(one for one in candidates if one.score == last_in.score) if ties else []
    return Cut(places, chosen, first_out, tuple(tied), decided_by(last_in, first_out))


def decided_by(upper: Candidate, lower: Candidate) -> Criterion:
    """This function will name the first criterion of the chain in which two candidates differ."""
    return next(name for name in CHAIN if getattr(upper, name) != getattr(lower, name))


def gold(
    established: Collection[Candidate], new: Collection[Candidate], *, main_quota: int | None, new_slots: int
) -> Gold:
    """This function will choose the gold customers; new ones compete for the slots only, and unused slots lapse.

    Raises QuotaIsNotSet (PA-13.1: the quota must be set before a run).
    """
    if main_quota is None:
        raise QuotaIsNotSet("尚未设置金牌名额（gold_main_quota），请先设置再评定。")
    return Gold(hard_ranking(established, main_quota), hard_ranking(new, new_slots))


def silver(candidates: Collection[Candidate], *, gold_numbers: Collection[str], quota: int | None) -> Cut:
    """This function will choose a branch's silver customers from those who are not gold; no quota, no silver (PA-13.3)."""
    taken = frozenset(gold_numbers)
    return hard_ranking([one for one in candidates if one.number not in taken], quota or 0)


def is_new(first_policy: date, rating_year: int) -> bool:
    """This function will tell whether a first policy ever makes the customer new in a rating year (PA-13.2)."""
    return first_policy.year == rating_year
