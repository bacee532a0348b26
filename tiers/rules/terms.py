"""The terms of one rating: places, and coefficients in whole hundredths. Kept as JSON with the run (rulebook PA-13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# Changed whenever the same inputs would give another list.
RULE_VERSION = "PA-13/1"
# Whole numbers of both databases end here; SQLite would go on inexactly without a word.
MOST = 2**63 - 1
HUNDREDTHS = 100

# (lower bound, coefficient): yuan become fen, shares stay hundredths, coefficients become hundredths
Table = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run was told: the same terms and the same book give the same list.

    `seats` says for each branch in whose silver list its customers stand; `silver` says how many places that list has.
    """

    gold_main: int
    gold_new: int
    silver: Mapping[int, int] = field(default_factory=dict)
    seats: Mapping[int, int] = field(default_factory=dict)
    scale: Table = ()
    loyalty: Table = ()
    profit: Table = ()

    @property
    def profit_coefficient(self) -> int:
        """This function will give the profit coefficient of everybody: no profit is booked, so the share is none."""
        return coefficient(self.profit, 0)

    @property
    def greatest_premium(self) -> int:
        """This function will give the greatest premium in fen whose score is still a whole number of 63 bits."""
        return MOST // max(1, _most(self.scale) * _most(self.loyalty) * self.profit_coefficient)

    def as_json(self) -> dict[str, Any]:
        """This function will write the terms so that `read` gives the same back."""
        return {
            "rule": RULE_VERSION,
            "gold_main": self.gold_main,
            "gold_new": self.gold_new,
            "silver": {str(branch): places for branch, places in self.silver.items()},
            "seats": {str(branch): seat for branch, seat in self.seats.items()},
            "scale": self.scale,
            "loyalty": self.loyalty,
            "profit": self.profit,
        }


def read(kept: Mapping[str, Any]) -> Terms:
    """This function will read the terms that a run was computed by."""
    return Terms(
        gold_main=kept["gold_main"],
        gold_new=kept["gold_new"],
        silver={int(branch): places for branch, places in kept["silver"].items()},
        seats={int(branch): seat for branch, seat in kept["seats"].items()},
        scale=_pairs(kept["scale"]),
        loyalty=_pairs(kept["loyalty"]),
        profit=_pairs(kept["profit"]),
    )


def table(bands: Iterable[tuple[Decimal, Decimal]], *, unit: int) -> Table:
    """This function will write a table of two decimals in whole numbers: bounds times `unit`, coefficients in hundredths."""
    return tuple((int(bound * unit), int(one * HUNDREDTHS)) for bound, one in bands)


def coefficient(bands: Table, value: int) -> int:
    """This function will give the coefficient of a value in hundredths; without bands, or below them, it is 1."""
    return next((one for bound, one in reversed(bands) if value >= bound), HUNDREDTHS)


def nearest_seats(paths: Mapping[int, Sequence[int]], quotas: Mapping[int, int]) -> dict[int, int]:
    """This function will find for each branch the nearest one upwards, itself included, that has silver places.

    `paths` gives the branches from the root down. A branch without any is left out: it has no silver (PA-13.3).
    """
    found = {
        branch: next((one for one in reversed(path) if one in quotas), 0) for branch, path in paths.items()
    }
    return {branch: seat for branch, seat in found.items() if seat}


def shown(score: int) -> str:
    """This function will write a score in yuan with all the places it has, at least two."""
    whole, rest = divmod(score, 10**8)
    return f"{whole:,}." + f"{rest:08d}".rstrip("0").ljust(2, "0")


def _most(bands: Table) -> int:
    return max([HUNDREDTHS, *(one for _bound, one in bands)])


def _pairs(kept: Iterable[Sequence[int]]) -> Table:
    return tuple((bound, one) for bound, one in kept)
