"""When a clock turns amber (rulebook X-23)."""

from datetime import datetime

import pytest

from crm.time.clocks import Clock, Unit, amber_at, compute_due
from crm.time.shipped import shipped_calendar

CALENDAR = shipped_calendar()


def amber(clock: Clock, start: str) -> str:
    start_at = datetime.fromisoformat(f"{start}+08:00")
    due_at = compute_due(clock, start_at, calendar=CALENDAR).due_at
    assert due_at is not None
    return f"{amber_at(clock, start_at, due_at, calendar=CALENDAR):%Y-%m-%dT%H:%M:%S}"


class TestAmber:
    @pytest.mark.parametrize(
        ("unit", "amount", "start", "expected"),
        [
            ("working_days", 5, "2026-02-12T10:00", "2026-02-24T00:00:00"),  # due 02-26, two days before
            ("working_days", 7, "2026-02-12T10:00", "2026-02-26T00:00:00"),
            ("working_days", 4, "2026-02-12T10:00", "2026-02-24T00:00:00"),  # due 02-25, one day before
            ("working_days", 2, "2026-02-12T10:00", "2026-02-13T00:00:00"),
            ("working_days", 1, "2026-02-14T10:00", "2026-02-24T00:00:00"),  # the due date itself
            ("same_day", 0, "2026-03-18T10:00", "2026-03-18T00:00:00"),
            ("hours", 10, "2026-03-14T10:00", "2026-03-14T18:00:00"),
            ("minutes", 30, "2026-03-14T10:00", "2026-03-14T10:24:00"),
            ("natural_days", 4, "2026-03-14T23:59:59", "2026-03-18T04:47:59"),
            ("business_hours", 10, "2026-03-13T10:00", "2026-03-13T18:00:00"),
        ],
    )
    def test_begins_by_the_kind_of_clock(self, unit: str, amount: int, start: str, expected: str) -> None:
        assert amber(Clock(Unit(unit), amount), start) == expected
