"""What the boundary words of the law include: 以上, 以下, 以内, 届满 do, 超过, 不满, 以外 do not (X-18)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import ge, gt, le, lt

Comparable = int | Decimal | date


class Boundary(StrEnum):
    """A word that draws a line at a number (民法典 1259)."""

    AT_LEAST = "以上"
    AT_MOST = "以下"
    WITHIN = "以内"
    EXPIRED = "届满"
    OVER = "超过"
    UNDER = "不满"
    BEYOND = "以外"


_COMPARE: dict[Boundary, Callable[[Comparable, Comparable], bool]] = {
    Boundary.AT_LEAST: ge,
    Boundary.AT_MOST: le,
    Boundary.WITHIN: le,
    Boundary.EXPIRED: ge,
    Boundary.OVER: gt,
    Boundary.UNDER: lt,
    Boundary.BEYOND: gt,
}


def holds(word: Boundary, value: Comparable, limit: Comparable) -> bool:
    """This function will say whether a value lies where the word puts it, seen from the limit."""
    return _COMPARE[word](value, limit)
