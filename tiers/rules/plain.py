"""A scheme that an institution makes up itself: levels by the lower bounds of one figure, no code."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tiers.rules.scales import step


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level and the least figure that reaches it."""

    level: str
    starts: Decimal


def level_of(thresholds: Sequence[Threshold], figure: Decimal) -> str:
    """This function will give the highest level that a figure reaches, "" for none; bounds ascend and are included."""
    reached = step([one.starts for one in thresholds], figure)
    return thresholds[reached - 1].level if reached else ""
