"""Workers killed with -9 at random moments while greetings go out. The provider's file is the judge: 0 lost, 0 doubled."""

import os
import random
import time
from collections.abc import Callable

import pytest

from tests.figures import keep, size
from tests.stack.installation import PATIENCE, Installation, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]

GREETINGS = size(2000, 10_000)
KILLS = size(3, 20)
SEED = int(os.environ.get("STACK_SEED", "20261121"))


def test_lose_nothing_and_double_nothing(house: Installation) -> None:
    house.call("tests.stack.acts:fill", GREETINGS)
    house.call("tests.stack.acts:lay_out", 240)
    house.start_worker()
    house.start_beat()
    chance, started = random.Random(SEED), time.monotonic()
    for kill in range(KILLS):
        # The next kill comes while greetings are going out: after some more were accepted, and before the end.
        share = GREETINGS * (kill + 1) // (KILLS + 2)
        assert wait_for(lambda share=share: len(house.accepted()) >= share, seconds=PATIENCE, every=0.05), (
            house.log("worker")
        )
        time.sleep(chance.random() / 2)
        house.kill("worker")
        house.start_worker()
    assert wait_for(lambda: len(house.accepted()) == GREETINGS, seconds=PATIENCE), house.call(
        "tests.stack.acts:standing"
    )
    expected = {"planned": 0, "kept": GREETINGS, "evidence": GREETINGS, "message_accepted": GREETINGS}
    wait_for(lambda: house.call("tests.stack.acts:standing") == expected, seconds=60)
    assert house.call("tests.stack.acts:standing") == expected
    accepted = house.accepted()
    lost, doubled = GREETINGS - len(accepted), sum(times > 1 for times in accepted.values())
    told = f"丢失 {lost}，重复 {doubled}；未知 0（都已核对）"
    keep("F1", "作业进程强制结束", house.kind, f"{GREETINGS} 条，结束 {KILLS} 次，种子 {SEED}", told, started)
    assert (lost, doubled) == (0, 0)


def test_would_double_some_if_claims_were_read_then_write(build: Callable[[str], Installation]) -> None:
    """The same load with the guard taken out must fail, or the test above proves nothing."""
    house = build("embedded")
    house.call("tests.stack.acts:fill", 300)
    house.call("tests.stack.acts:lay_out", 240)
    house.start_worker("--include", "tests.stack.blind_claims")
    house.start_beat()
    assert wait_for(lambda: max(house.accepted().values(), default=0) > 1, seconds=60), house.log("worker")
