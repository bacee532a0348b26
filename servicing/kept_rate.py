"""The on-time rate (rulebook X-22): what counts, what stays out, and how it is written. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

NO_DATA = "no data"
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class KeptRate:
    """Kept out of all that fell due; `rate` is in percent with two decimals, None where nothing fell due."""

    numerator: int
    denominator: int
    excluded: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> Decimal | None:
        """This function will give the rate in percent, rounded half up; None is "no data", neither 0 nor 100."""
        if self.denominator == 0:
            return None
        return (Decimal(100 * self.numerator) / self.denominator).quantize(_HUNDREDTH, ROUND_HALF_UP)

    @property
    def text(self) -> str:
        """This function will write the rate: 90.00%, or no data."""
        return NO_DATA if self.rate is None else f"{self.rate}%"


def on_time_rate(
    *,
    kept: int = 0,
    broken: int = 0,
    unproven: int = 0,
    overdue: int = 0,
    excluded: Mapping[str, int] | None = None,
) -> KeptRate:
    """This function will give kept / (kept + broken + unproven + overdue); what is not due, paused, cancelled or
    waived stays out of both and is only reported (X-22)."""
    return KeptRate(kept, kept + broken + unproven + overdue, dict(excluded or {}))


def closed_in_time_rate(*, in_time: int, closed: int) -> KeptRate:
    """This function will give the usual 时效达标率: closed in time out of what was closed in the period (X-22)."""
    return KeptRate(in_time, closed)
