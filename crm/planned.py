"""What a planner hands to the schedule: one thing that should happen once, as a plain value."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that a planner wants to happen once, inside a window of instants."""

    kind: str
    subject: str
    occasion_date: date
    channel: str
    starts_at: datetime
    ends_at: datetime
    customer_id: int | None = None
    contact_id: int | None = None
