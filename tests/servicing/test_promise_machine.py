"""Real promises under random hands and random times, against a slow oracle that walks day by day (F16).

Every step does the same to the rows and to the oracle: both must refuse alike, and agree on due time, state,
breach, every event with its moment, and the receipt.
"""

import os
import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from crm.models import Customer, User
from tests.servicing.oracle import (
    DAY,
)
from tests.servicing.promise_ground import BEGIN, CLOCKED, REASONS
from tests.servicing.promise_machine import Promises

LONG = os.environ.get("MACHINE_EXAMPLES", "")
EXAMPLES = int(LONG or 20)


class Walk:
    """The same machine under dice that are thrown evenly; hypothesis likes to throw the same again."""

    def __init__(self, seed: int) -> None:
        """This function will throw the dice that a seed gives."""
        self.dice = random.Random(seed)

    def leap(self) -> tuple[str, int]:
        """Some time, or an edge."""
        how = self.dice.choice(
            [
                "seconds",
                "minutes",
                "minutes",
                "days",
                "days",
                "due",
                "amber",
                "first",
                "midnight",
                "six",
                "long",
            ]
        )
        wide = {"seconds": 7200, "minutes": 2000, "days": self.dice.choice([2, 25])}
        return how, self.dice.randint(0, wide[how]) if how in wide else self.dice.randint(-1, 1)

    def step(self, machine: Promises) -> None:
        """One act."""
        dice, pick, leap = self.dice, self.dice.randint(0, 10_000), self.leap()
        yes = dice.random() < 0.7
        acts: list[tuple[int, Callable[[], None]]] = [
            (3, lambda: machine.open(code=dice.choice(CLOCKED), leap=leap, ago=dice.randint(0, 3 * 86_400))),
            (1, lambda: machine.open_window(leap=leap, hours=dice.randint(0, 80), wide=dice.randint(1, 200))),
            (1, lambda: machine.open_ceiling(pick=pick, leap=leap)),
            (
                8,
                lambda: machine.pause(
                    pick=pick,
                    leap=leap,
                    reason=dice.choice(REASONS),
                    rest=self.leap() if yes else None,
                    approved=yes,
                ),
            ),
            (4, lambda: machine.resume(pick=pick, leap=leap, approved=yes)),
            (3, lambda: machine.reclassify(pick=pick, leap=leap, code=dice.choice(CLOCKED), approved=yes)),
            (1, lambda: machine.transfer(pick=pick, leap=leap, to_agent=yes)),
            (
                2,
                lambda: machine.fulfil(
                    pick=pick, leap=leap, ago=dice.choice([0, 0, 9, 90_000]), proven=yes, ends=True
                ),
            ),
            (1, lambda: machine.cancel(pick=pick, leap=leap, waived=yes, ends=True)),
            (5, lambda: machine.sweep(pick=pick, leap=leap)),
        ]
        if not machine.world.published and machine.now > BEGIN + 200 * DAY:
            acts.append((1, lambda: machine.publish(leap=leap)))
        dice.choices([act for _weight, act in acts], [weight for weight, _act in acts])[0]()
        machine.rows_and_oracle_agree()
        machine.what_is_broken_stays_broken()
        machine.an_alarm_rings_once_and_a_receipt_agrees()


@pytest.fixture
def cast(silver: Customer, lin: User, agent: User, manager: User) -> None:
    """Who acts, and for whom."""
    Promises.silver, Promises.lin, Promises.agent, Promises.manager = silver, lin, agent, manager


@pytest.mark.usefixtures("cast")
class TestPromisesUnderRandomHands:
    def test_agree_with_the_slow_oracle(self) -> None:
        """Evenly thrown, from seeds that are named in a failure."""
        for seed in range(EXAMPLES):
            walk, machine = Walk(seed), Promises()
            try:
                machine.begin(codes=walk.dice.choices(CLOCKED, k=3), wait=walk.dice.randint(0, 390))
                for _step in range(30):
                    walk.step(machine)
            except BaseException as error:
                error.add_note(f"seed {seed}")
                raise
            finally:
                machine.teardown()

    def test_agree_with_it_whatever_hypothesis_thinks_of(self) -> None:
        """In every run, after every step."""
        run_state_machine_as_test(
            Promises,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=25,
                deadline=None,
                # The short run is the same every time and shows what it finds as it is; the long one makes it small.
                derandomize=not LONG,
                phases=tuple(Phase) if LONG else (Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
