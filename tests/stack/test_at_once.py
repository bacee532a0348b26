"""Several processes doing the same at the same moment, on both databases."""

import pytest

from tests.stack.installation import PATIENCE, Installation

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]

PEOPLE = 500
PROMISES = 10_000


class TestFivePlannersOfOneDay:
    def test_lay_out_every_greeting_once(self, house: Installation) -> None:
        house.call("tests.stack.acts:fill", PEOPLE)
        house.together(5, "tests.stack.acts:plan", "2026-03-10")
        assert house.call("tests.stack.acts:occurrences") == {"all": PEOPLE, "doubled": 0}

    def test_would_double_them_without_the_unique_constraint(self, house: Installation) -> None:
        house.call("tests.stack.acts:fill", PEOPLE)
        house.call("tests.stack.acts:without_unique_occurrences")
        house.together(5, "tests.stack.acts:plan", "2026-03-10")
        assert house.call("tests.stack.acts:occurrences")["doubled"] > 0


class TestFiveTicksAtOnce:
    def test_lay_out_every_day_once(self, house: Installation) -> None:
        house.more_env["LEASE_SECONDS"] = "60"
        house.call("tests.stack.acts:fill", 20)
        assert any(house.together(5, "tests.stack.acts:tick"))
        assert house.call("tests.stack.acts:occurrences")["doubled"] == 0
        assert house.call("tests.stack.acts:day_runs") == {"days": 8, "finished": 8}


class TestFourSweepsOfTenThousandPromises:
    def test_write_one_event_each(self, house: Installation) -> None:
        house.call("tests.stack.acts:fill", 1)
        house.call("tests.stack.acts:due_promises", PROMISES)
        won = house.together(4, "tests.stack.acts:sweep_until_empty")
        assert house.call("tests.stack.acts:broken") == {
            "promises": PROMISES,
            "broken": PROMISES,
            "events": PROMISES,
            "doubled": 0,
        }
        assert sum(won) == PROMISES
