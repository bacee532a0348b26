"""What clocks are made of: a limit, a pause, a line of the receipt, a due time. No counting here."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from crm.refusal import Refusal
from crm.time import whole_second

PromiseState = Literal["open", "paused", "overdue"]


class ClockAmountIsNegative(Refusal):
    """A limit of fewer than nothing."""


class Unit(StrEnum):
    """What a limit is counted in; 日 is never read one way everywhere, so each clock carries its own."""

    WORKING_DAYS = "working_days"
    SAME_DAY = "same_day"
    NATURAL_DAYS = "natural_days"
    HOURS = "hours"
    MINUTES = "minutes"
    BUSINESS_HOURS = "business_hours"


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit: 5 working days, 48 hours, the same day (the amount is then not read).

    `statutory` marks a clock set by law: only such a clock has a `legal_latest` (rulebook X-09).
    """

    unit: Unit
    amount: int
    statutory: bool = False

    def __post_init__(self) -> None:
        """This function will refuse a negative amount."""
        if self.amount < 0:
            raise ClockAmountIsNegative(f"时限不能是负数（{self.amount}），请填写 0 或更大的数。")


@dataclass(frozen=True, slots=True)
class PauseSpan:
    """One pause on local dates, both ends not counted; `ended` is the resume date, None while it runs.

    `started_at` and `resumed_at` are the moments, where they are known: what one knows at a moment of that
    very day reads them, and the same-day clock reads the resume.
    """

    started: date
    ended: date | None
    reason: str = ""
    resumed_at: datetime | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the receipt: a date, whether it counts, why, and as which day of the limit."""

    date: date
    counts: bool
    why: str
    ordinal: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """The answer of a clock. `due_date` and `due_at` are None exactly while a pause is open."""

    starts_at: datetime
    due_date: date | None
    due_at: datetime | None
    legal_latest: date | None
    provisional: bool
    paused: bool
    steps: tuple[Step, ...]

    def state(self, as_of: datetime) -> PromiseState:
        """This function will say how an unclosed promise stands at an instant; at due_at it is still open."""
        if self.due_at is None:
            return "paused"
        return "overdue" if whole_second(as_of) > whole_second(self.due_at) else "open"
