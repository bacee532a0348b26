"""An import killed with -9 at random points, and taken up again, ends like one that nothing disturbed (F23)."""

import os
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.figures import keep, size
from tests.stack.installation import PATIENCE, Installation, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]

ROWS = size(4000, 20_000)
KILLS = size(3, 50)
SEED = int(os.environ.get("STACK_SEED", "20261121"))


def imported(house: Installation, kills: int, chance: random.Random) -> dict[str, Any]:
    """This function will import a book while its worker is killed so often, and digest the end."""
    house.more_env = {"LEASE_SECONDS": "6", "TICK_SECONDS": "1"}
    house.call("tests.stack.imports:hand_in", ROWS)
    house.start_worker()
    house.start_beat()

    def is_checked() -> bool:
        return bool(house.call("tests.stack.imports:state")["batch"] == "checked")

    assert wait_for(is_checked, seconds=PATIENCE), house.log("worker")
    house.call("tests.stack.imports:confirm")
    for kill in range(kills):
        _until(house, ROWS * kill // (kills + 1))
        time.sleep(chance.random())
        house.kill("worker")
        house.start_worker()
    _until(house, ROWS)
    return dict(house.call("tests.stack.imports:digest"))


def _until(house: Installation, rows: int) -> None:
    """This function will wait until so many rows are through, or all of it is."""

    def reached() -> bool:
        state = house.call("tests.stack.imports:state")
        assert state["job"] != "failed", state
        return bool(state["batch"] == "done" or (rows < ROWS and state["done"] >= rows))

    assert wait_for(reached, seconds=PATIENCE), house.log("worker")


def test_ends_like_one_that_nothing_disturbed(build: Callable[[str], Installation]) -> None:
    started = time.monotonic()
    quiet = imported(build("embedded"), 0, random.Random(SEED))
    killed = imported(build("embedded"), KILLS, random.Random(SEED))
    told = f"与没有中断的一次{'相同' if killed == quiet else '不同'}"
    keep("F23", "导入途中强制结束", "SQLite + Valkey", f"{ROWS} 行，结束 {KILLS} 次", told, started)
    assert killed == quiet
    assert quiet["state"] == "done"
    assert quiet["new"] > ROWS * 0.9
