"""The settings that time obeys, frozen into one value so that every function is told, never asks."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

from crm.refusal import Refusal

DeadlineTimeMode = Literal["end_of_day", "close_of_business"]
LeapDayObserved = Literal["feb28", "mar1"]


class BusinessHoursAreEmpty(Refusal):
    """The hours close before they open."""


@dataclass(frozen=True, slots=True)
class TimeRules:
    """Every choice of rulebook Part 0 that an institution may change; the defaults are the book's."""

    deadline_time_mode: DeadlineTimeMode = "end_of_day"
    opens: time = time(9, 0)
    closes: time = time(18, 0)  # X-07, inclusive
    after_hours_roll: bool = False  # X-07, per channel
    feb29_observed: LeapDayObserved = "feb28"
    send_from: time = time(9, 0)
    send_until: time = time(20, 59, 59)  # X-29, inclusive
    care_lead_days: int = 7
    sms_lead_days: int = 1
    sms_hour: time = time(10, 0)

    def __post_init__(self) -> None:
        """This function will refuse hours that end before they begin."""
        if self.opens >= self.closes:
            raise BusinessHoursAreEmpty(f"营业时间 {self.opens}–{self.closes} 不成立：结束须晚于开始。")
        if self.send_from >= self.send_until:
            raise BusinessHoursAreEmpty(
                f"发送时段 {self.send_from}–{self.send_until} 不成立：结束须晚于开始。"
            )


DEFAULT_RULES = TimeRules()
