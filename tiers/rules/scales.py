"""Scales: a value against ascending lower bounds, each of them included (rulebook X-18)."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from crm.refusal import Refusal


class ScaleIsUnsound(Refusal):
    """The bounds of a scale do not ascend."""


@dataclass(frozen=True, slots=True)
class Band:
    """From this value on, this coefficient."""

    starts: Decimal
    coefficient: Decimal


def step(bounds: Sequence[Decimal], value: Decimal) -> int:
    """This function will count the bounds that a value reaches: 0 below the first, all of them from the last on."""
    return bisect_right(bounds, value)


def coefficient(bands: Sequence[Band], value: Decimal) -> Decimal:
    """This function will give the coefficient of the band that a value falls in; without bands, or below them, it is 1."""
    reached = step([band.starts for band in bands], value)
    return bands[reached - 1].coefficient if reached else Decimal(1)


def ascending(bounds: Sequence[Decimal]) -> None:
    """This function will raise ScaleIsUnsound unless each bound is higher than the one before."""
    for lower, higher in pairwise(bounds):
        if higher <= lower:
            raise ScaleIsUnsound(f"门槛须逐级升高：{higher} 不高于 {lower}，请修改后再保存。")
