"""What hands and time can do to real promises; every rule does the same to the rows and to the oracle (F16)."""

from collections import Counter
from datetime import datetime, timedelta

import hypothesis.strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)

from crm.refusal import Refusal
from crm.services import calendars
from servicing.models import Commitment
from servicing.selectors import standards
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments
from servicing.services.commitments import Proof, closing, moving, pausing
from tests.servicing.oracle import (
    CLASSES,
    DAY,
    NOTICE_2027,
    Oracle,
    Rest,
    cut,
)
from tests.servicing.promise_ground import BEGIN, CLOCKED, ENDS, LEAPS, PICKS, REASONS, Ground


class Promises(Ground):
    """One insurer between December 2025 and February 2027: the acts, and what must hold after each."""

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
