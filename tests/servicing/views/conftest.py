"""The doors of this floor read the clock themselves, so their tests stop it at the cast's Tuesday morning."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def office_clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """The clock stands still; a test may move it."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller
