"""Real promises under random hands and random times, against a slow oracle that walks day by day (F16).

Every step does the same to the rows and to the oracle: both must refuse alike, and agree on due time, state,
breach, every event with its moment, and the receipt.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crm.models import Customer, User
from crm.refusal import Refusal
from crm.services import calendars
from servicing.models import Commitment
from servicing.selectors import standards
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments
from servicing.services.commitments import Proof, closing, moving, pausing
from tests.servicing.oracle import (
    CLASSES,
    CN,
    DAY,
    NOTICE_2027,
    SECOND,
    Oracle,
    Rest,
    World,
    cut,
    day_of,
    moment,
)

BEGIN = datetime(2025, 12, 1, 9, 0, tzinfo=CN)
END = datetime(2027, 2, 28, 18, 0, tzinfo=CN)
LONG = os.environ.get("MACHINE_EXAMPLES", "")
EXAMPLES = int(LONG or 20)

Known = tuple[Commitment, Oracle]
CLOCKED = sorted(code for code, one in CLASSES.items() if one.unit != "window")
REASONS = ("papers", "mediation", "force_majeure")

# How time goes on before an act: by some seconds or days, or to an edge of the promise at hand.
LEAPS = st.one_of(
    st.tuples(st.just("seconds"), st.integers(0, 7200)),
    st.tuples(st.just("minutes"), st.integers(0, 2000)),
    st.tuples(st.just("days"), st.integers(0, 3)),
    st.tuples(st.just("days"), st.integers(0, 25)),
    st.tuples(st.sampled_from(["due", "amber", "first", "midnight", "six", "long"]), st.integers(-1, 1)),
)
PICKS = st.integers(0, 10_000)
# Endings are rarer than they would be by chance, since nothing happens after them.
ENDS = st.integers(0, 3).map(lambda n: n == 0)


class Promises(RuleBasedStateMachine):
    """One insurer between December 2025 and February 2027."""

    silver: Customer
    lin: User
    agent: User
    manager: User

    def __init__(self) -> None:
        """This function will begin a transaction that the end of the run takes back."""
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world = World()
        self.now = BEGIN
        self.all: list[Known] = []
        self.serial = 0
        self.seen_breaches: dict[int, datetime] = {}

    def teardown(self) -> None:
        """This function will ask for every receipt once more, then forget everything."""
        try:
            for row, _oracle in self.all:
                assert receipt_of(self.fresh(row)).agrees
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def fresh(self, row: Commitment) -> Commitment:
        """The row as it stands."""
        return Commitment.objects.select_related("standard").get(pk=row.pk)

    # -- time ----------------------------------------------------------------------------------------

    def leap(self, leap: tuple[str, int], one: Oracle | None) -> None:
        """Time goes on, never back."""
        how, amount = leap
        wanted = self.now
        if how in ("seconds", "minutes", "days"):
            wanted += timedelta(**{how: amount})
        else:
            edge = self.edge(how, one)
            wanted = edge + amount * SECOND if edge else self.now
        self.now = min(max(self.now, wanted), END)

    def edge(self, how: str, one: Oracle | None) -> datetime | None:
        """A moment at which something about a promise changes."""
        if how == "midnight":
            return moment(day_of(self.now) + DAY)
        if how == "six":
            return moment(day_of(self.now)).replace(hour=18)
        if one is None or one.closed:
            return None
        if how == "long":
            return one.becomes_long(one.resting) if one.resting else None
        if one.due is None:
            return None
        return {"due": one.due, "amber": one.amber(), "first": one.due + 2 * DAY}[how]

    # -- acts ----------------------------------------------------------------------------------------

    @initialize(codes=st.lists(st.sampled_from(CLOCKED), min_size=2, max_size=3), wait=st.integers(0, 390))
    def begin(self, codes: list[str], wait: int) -> None:
        """There are promises from the start, which is any day of the year."""
        self.now += wait * DAY
        for code in codes:
            self.open_one(code, self.now)

    @rule(code=st.sampled_from(CLOCKED), leap=LEAPS, ago=st.integers(0, 3 * 86_400))
    def open(self, code: str, leap: tuple[str, int], ago: int) -> None:
        """A promise is opened, perhaps for something that came in days ago."""
        self.leap(leap, None)
        self.open_one(code, max(BEGIN, self.now - timedelta(seconds=ago)))

    @rule(leap=LEAPS, hours=st.integers(0, 80), wide=st.integers(1, 200))
    def open_window(self, leap: tuple[str, int], hours: int, wide: int) -> None:
        """A planner gives a window."""
        self.leap(leap, None)
        starts, ends = cut(self.now) + timedelta(hours=hours), cut(self.now) + timedelta(hours=hours + wide)
        self.serial += 1
        oracle = Oracle(CLASSES["PA-18.2.7"], f"machine:{self.serial}", starts, self.world, window_end=ends)
        row = commitments.open_windowed(
            customer=self.silver,
            standard=standards.in_force("PA-18.2.7", self.now),
            occasion=oracle.occasion,
            title="问候",
            starts_at=starts,
            due_at=ends,
            owner=self.lin,
            tier="silver",
            now=self.now,
        )
        self.add(row, oracle)

    @rule(pick=PICKS, leap=LEAPS)
    def open_ceiling(self, pick: int, leap: tuple[str, int]) -> None:
        """The law's limit for the same thing, from the same moment; asked for twice it is the one that stands."""
        _row, oracle = self.one(pick)
        self.leap(leap, oracle)
        standing = [known for known in self.all if known[1].occasion == oracle.occasion and known[1].what.law]
        if standing:
            again = self.open_row("R-4 simple", oracle.occasion, oracle.trigger)
            assert again.pk == standing[0][0].pk
        else:
            self.open_one("R-4 simple", oracle.trigger, oracle.occasion)

    def open_one(self, code: str, trigger: datetime, occasion: str = "") -> None:
        """Opens both the row and its oracle."""
        self.serial += 1
        oracle = Oracle(CLASSES[code], occasion or f"machine:{self.serial}", cut(trigger), self.world)
        self.add(self.open_row(code, oracle.occasion, trigger), oracle)

    def open_row(self, code: str, occasion: str, trigger: datetime) -> Commitment:
        """Opens the row."""
        return commitments.open_clocked(
            customer=self.silver,
            standard=standards.in_force(code, trigger),
            occasion=occasion,
            title=code,
            triggered_at=trigger,
            owner=self.lin,
            tier="silver",
            now=self.now,
        )

    def add(self, row: Commitment, oracle: Oracle) -> None:
        """Remembers both."""
        oracle.happened("opened", self.now)
        self.all.append((row, oracle))
        self.over_ceiling(oracle)

    def one(self, pick: int, wanted: Callable[[Oracle], bool] = lambda one: not one.closed) -> Known:
        """One of the promises, mostly one with which something can be done."""
        among = [known for known in self.all if wanted(known[1])] if pick % 8 else []
        among = among or self.all
        return among[pick // 8 % len(among)]

    @rule(
        pick=PICKS,
        leap=LEAPS,
        reason=st.sampled_from(REASONS),
        rest=st.none() | LEAPS,
        approved=st.booleans(),
    )
    def pause(
        self, pick: int, leap: tuple[str, int], reason: str, rest: tuple[str, int] | None, approved: bool
    ) -> None:
        """Somebody stops the clock, and after a while it may be the next to be let on."""
        row, oracle = self.one(
            pick, lambda one: one.state == "open" and not one.late(self.now) and reason in one.what.reasons
        )
        self.leap(leap, oracle)
        refusal: type[Refusal] | None = None
        if oracle.closed:
            refusal = commitments.AlreadyClosed
        elif oracle.resting:
            refusal = commitments.AlreadyPaused
        elif reason not in oracle.what.reasons:
            refusal = pausing.CannotBePaused
        elif oracle.late(self.now):
            refusal = pausing.AlreadyOverdue
        if not self.asked(
            refusal, commitments.pause, commitment=row, reason=reason, by=self.lin, now=self.now
        ):
            return
        oracle.rests.append(begun := Rest(self.now, reason))
        oracle.state, oracle.due, oracle.latest = "paused", None, None
        oracle.wake = oracle.becomes_long(begun)
        oracle.happened("paused", self.now)
        if rest is not None:
            self.rows_and_oracle_agree()
            self.leap(rest, oracle)
            self.let_on(row, oracle, approved)

    @rule(pick=PICKS, leap=LEAPS, approved=st.booleans())
    def resume(self, pick: int, leap: tuple[str, int], approved: bool) -> None:
        """Somebody lets it run on, perhaps without the approval that a long pause needs."""
        row, oracle = self.one(pick, lambda one: one.resting is not None)
        self.leap(leap, oracle)
        self.let_on(row, oracle, approved)

    def let_on(self, row: Commitment, oracle: Oracle, approved: bool) -> None:
        """The clock runs on, if it stood still."""
        refusal: type[Refusal] | None = None
        if oracle.closed:
            refusal = commitments.AlreadyClosed
        elif not oracle.resting:
            refusal = commitments.NotPaused
        elif oracle.is_long(oracle.resting, self.now) and not approved:
            refusal = pausing.PauseNeedsApprover
        approver = self.manager if approved else None
        if self.asked(
            refusal, commitments.resume, commitment=row, by=self.lin, now=self.now, approver=approver
        ):
            oracle.end_rest(self.now)
            self.over_ceiling(oracle)

    @rule(pick=PICKS, leap=LEAPS, code=st.sampled_from(CLOCKED), approved=st.booleans())
    def reclassify(self, pick: int, leap: tuple[str, int], code: str, approved: bool) -> None:
        """It turns out to be something else."""
        row, oracle = self.one(pick, lambda one: not one.closed and not one.late(self.now))
        self.leap(leap, oracle)
        if oracle.what.unit == "window":
            return
        new, old = CLASSES[code], oracle.what
        oracle.what = new
        due = oracle.due_now()
        oracle.what = old
        refusal: type[Refusal] | None = None
        if oracle.closed:
            refusal = commitments.AlreadyClosed
        elif new == old:
            refusal = commitments.MustDiffer
        elif oracle.late(self.now):
            refusal = moving.TooLateToReclassify
        elif not approved:
            refusal = moving.NeedsAnotherApprover
        elif any(
            o.occasion == oracle.occasion and o.what.kind == new.kind and o is not oracle
            for _r, o in self.all
        ):
            refusal = moving.PromisedAlready
        elif oracle.resting and (due is not None or oracle.resting.reason not in new.reasons):
            refusal = pausing.CannotBePaused
        done = self.asked(
            refusal,
            commitments.reclassify,
            commitment=row,
            standard=standards.in_force(code, self.now),
            reason="另有情况",
            by=self.lin,
            approver=self.manager if approved else None,
            now=self.now,
        )
        if done:
            oracle.what = new
            oracle.happened("reclassified", self.now)
            if not oracle.resting:
                oracle.count()
                oracle.run_on(self.now)
                self.over_ceiling(oracle)

    @rule(pick=PICKS, leap=LEAPS, to_agent=st.booleans())
    def transfer(self, pick: int, leap: tuple[str, int], to_agent: bool) -> None:
        """It changes hands; the clock does not care."""
        row, oracle = self.one(pick)
        self.leap(leap, oracle)
        owner = self.agent if to_agent else self.lin
        refusal: type[Refusal] | None = None
        if oracle.closed:
            refusal = commitments.AlreadyClosed
        elif oracle.owner == owner.username:
            refusal = commitments.MustDiffer
        if self.asked(
            refusal,
            commitments.transfer,
            commitment=row,
            owner=owner,
            reason="轮班",
            by=self.lin,
            now=self.now,
        ):
            oracle.owner = owner.username
            oracle.happened("transferred", self.now)

    @rule(
        pick=PICKS,
        leap=LEAPS,
        ago=st.one_of(st.just(0), st.integers(-5, 4 * 86_400)),
        proven=st.booleans(),
        ends=ENDS,
    )
    def fulfil(self, pick: int, leap: tuple[str, int], ago: int, proven: bool, ends: bool) -> None:
        """It is done, or was done a while ago and is filed now."""
        if not ends:
            return
        row, oracle = self.one(pick)
        self.leap(leap, oracle)
        done_at = cut(self.now - timedelta(seconds=ago))
        refusal: type[Refusal] | None = None
        if oracle.closed:
            refusal = commitments.AlreadyClosed
        elif done_at > self.now:
            refusal = closing.NotYet
        elif done_at < oracle.trigger:
            refusal = closing.TooEarly
        proof = Proof("reply", "GD1#1") if proven else None
        if not self.asked(
            refusal, commitments.fulfil, commitment=row, at=done_at, by=self.lin, proof=proof, now=self.now
        ):
            return
        if oracle.resting:
            oracle.end_rest(done_at)
            self.over_ceiling(oracle)
        if oracle.late(done_at) and not oracle.breached:
            oracle.break_now()
        oracle.state, oracle.fulfilled, oracle.wake = "fulfilled", done_at, None
        oracle.happened("fulfilled", done_at)
        if proven:
            oracle.happened("evidence", done_at)

    @rule(pick=PICKS, leap=LEAPS, waived=st.booleans(), ends=ENDS)
    def cancel(self, pick: int, leap: tuple[str, int], waived: bool, ends: bool) -> None:
        """The customer takes it back, or it is waived."""
        if not ends:
            return
        row, oracle = self.one(pick)
        self.leap(leap, oracle)
        refusal = commitments.AlreadyClosed if oracle.closed else None
        if not self.asked(
            refusal,
            commitments.cancel,
            commitment=row,
            kind="waived" if waived else "withdrawn",
            reason="客户撤回",
            by=self.lin,
            approver=self.manager if waived else None,
            now=self.now,
        ):
            return
        if oracle.resting:
            oracle.end_rest(self.now)
            self.over_ceiling(oracle)
        if oracle.late(self.now) and not oracle.breached:
            oracle.break_now()
        oracle.state, oracle.wake = "cancelled", None
        oracle.happened("cancelled", self.now)

    @rule(pick=PICKS, leap=LEAPS)
    def sweep(self, pick: int, leap: tuple[str, int]) -> None:
        """The machine comes by; a second time it finds nothing to do."""
        self.leap(leap, self.one(pick)[1])
        assert commitments.sweep(now=self.now).failed == 0
        assert commitments.sweep(now=self.now).done == 0
        for _row, oracle in self.all:
            oracle.look(self.now)

    @rule(leap=LEAPS)
    @precondition(lambda self: not self.world.published and self.now > BEGIN + 200 * DAY)
    def publish(self, leap: tuple[str, int]) -> None:
        """The notice for 2027 comes: what was provisional, still runs and is not late is counted again."""
        self.leap(leap, None)
        touched = [
            o
            for _row, o in self.all
            if o.state == "open" and o.provisional and not o.late(self.now) and o.what.unit != "window"
        ]
        calendars.import_notice(text=NOTICE_2027, by=None, now=self.now)
        self.world.published = True
        for oracle in touched:
            oracle.count()
            oracle.run_on(self.now)
            oracle.happened("settled", self.now)

    def asked(self, refusal: type[Refusal] | None, act: Any, **given: Any) -> bool:
        """Does it, expecting that refusal and nothing written, or none; says whether it was done."""
        if refusal is None:
            act(**given)
            return True
        before = self.fresh(given["commitment"]).version
        with pytest.raises(refusal):
            act(**given)
        assert self.fresh(given["commitment"]).version == before
        return False

    def over_ceiling(self, changed: Oracle) -> None:
        """A company's promise that has come to lie after the law's limit says so, once a due time."""
        for _row, other in self.all:
            if other is changed or other.occasion != changed.occasion or other.what.law == changed.what.law:
                continue
            company, law = (other, changed) if changed.what.law else (changed, other)
            if other.state != "open" or not company.due or not law.due or company.due <= law.due:
                continue
            if company.due not in company.over:
                company.over.add(company.due)
                company.happened("over_ceiling", self.now)

    # -- what must hold ------------------------------------------------------------------------------

    @invariant()
    def rows_and_oracle_agree(self) -> None:
        """After every step."""
        for known, oracle in self.all:
            row = self.fresh(known)
            assert (row.state, row.due_at, row.legal_latest) == (oracle.state, oracle.due, oracle.latest)
            assert (row.breached_at, row.fulfilled_at) == (oracle.breached, oracle.fulfilled)
            assert (row.provisional, row.look_again_at) == (oracle.provisional, oracle.wake)
            assert row.owner.username == oracle.owner
            events = Counter(row.events.values_list("kind", "at"))
            assert events == Counter(oracle.events)

    @invariant()
    def what_is_broken_stays_broken(self) -> None:
        """A breach is never undone or moved."""
        for known, _oracle in self.all:
            breached = self.fresh(known).breached_at
            assert breached == self.seen_breaches.get(known.pk, breached)
            if breached:
                self.seen_breaches[known.pk] = breached

    @invariant()
    def an_alarm_rings_once_and_a_receipt_agrees(self) -> None:
        """For the promise that was made last; the others are asked at the end."""
        for known, _oracle in self.all[-1:]:
            row = self.fresh(known)
            alarms = [one for one in row.events.values_list("alarm", flat=True) if one]
            assert len(alarms) == len(set(alarms))
            assert receipt_of(row).agrees


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
