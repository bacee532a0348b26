"""How long a star holds: validity, maintenance, rise at once, fall only at the end (rulebook CL-2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tiers.rules.star_points import StarRules, star_of

DAY = timedelta(days=1)
State = Literal["valid", "maintenance"]
Why = Literal["rated", "rose", "renewed", "kept", "re_rated", "fell"]


@dataclass(frozen=True, slots=True)
class Term:
    """A star from the day it was rated on; `why` tells what brought it."""

    star: int
    rated_on: date
    state: State = "valid"
    why: Why = "rated"

    def valid_to(self, rules: StarRules) -> date:
        """This function will give the last day of validity: the rating day is the first of 730."""
        return self.rated_on + timedelta(days=rules.validity_days - 1)

    def maintenance_to(self, rules: StarRules) -> date:
        """This function will give the last day of the maintenance period: 180 days after validity."""
        return self.valid_to(rules) + timedelta(days=rules.maintenance_days)

    def ends(self, rules: StarRules) -> date:
        """This function will give the last day of the state it is in."""
        return self.valid_to(rules) if self.state == "valid" else self.maintenance_to(rules)


def follow(
    term: Term, changes: Iterable[tuple[date, Decimal]], until: date, rules: StarRules
) -> Iterator[tuple[date, Term]]:
    """This function will tell each move of a star up to a day (included): the day, and how the star stands from it on.

    `changes` are (day, points from that day on) in order; the first states the points at or before the rating day.
    On a day of both, points change before the star is judged.
    """
    queue = list(changes)
    points = Decimal(0)
    while True:
        boundary = term.ends(rules) + DAY
        day = min(queue[0][0], boundary) if queue else boundary
        if day > until:
            return
        while queue and queue[0][0] <= day:
            points = queue.pop(0)[1]
        moved = _judged(term, points, max(day, term.rated_on), day >= boundary, rules)
        if moved != term:
            term = moved
            yield max(day, term.rated_on), term


def standing(term: Term, changes: Iterable[tuple[date, Decimal]], on: date, rules: StarRules) -> Term:
    """This function will tell how a star stands on a day."""
    moves = [term, *(moved for _day, moved in follow(term, changes, on, rules))]
    return moves[-1]


def _judged(term: Term, points: Decimal, day: date, over: bool, rules: StarRules) -> Term:
    """The star on a day on which its points changed or its time was over."""
    reached = star_of(points, rules)
    if reached > term.star:
        return Term(reached, day, "valid", "rose")
    if term.state == "maintenance" and reached == term.star:
        return Term(reached, day, "valid", "re_rated")
    if not over:
        return term
    if reached == term.star:
        return Term(reached, day, "valid", "renewed")
    if term.state == "valid" and rules.maintenance_days:
        return replace(term, state="maintenance", why="kept")
    return Term(reached, day, "valid", "fell")
