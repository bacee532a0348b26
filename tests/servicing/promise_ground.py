"""The ground under the machine: the clock that leaps, the pairs of row and oracle, what both must agree on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis.stateful import (
    RuleBasedStateMachine,
)

from crm.models import Customer, User
from crm.refusal import Refusal
from servicing.models import Commitment
from servicing.selectors import standards
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments
from tests.servicing.oracle import (
    CLASSES,
    CN,
    DAY,
    SECOND,
    Oracle,
    World,
    day_of,
    moment,
)

BEGIN = datetime(2025, 12, 1, 9, 0, tzinfo=CN)
END = datetime(2027, 2, 28, 18, 0, tzinfo=CN)

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


class Ground(RuleBasedStateMachine):
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
