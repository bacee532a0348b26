"""How a promise is made and how it ends."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.models import Customer, User
from servicing.models import Commitment, CommitmentEvent
from servicing.selectors.commitments import result
from servicing.services import commitments
from servicing.services.commitments import Proof, closing
from tests.factories.servicing import at, promise, windowed

PROOF = Proof(kind="reply", reference="GD1#1")


class TestANewPromise:
    def test_is_due_over_the_spring_festival_by_working_days(self, silver: Customer) -> None:
        made = promise(silver, "PA-18.1.2", triggered_at=at("2026-02-12 10:00"))

        assert made.due_at == at("2026-02-24 23:59:59")

    def test_looks_again_when_it_turns_amber(self, silver: Customer) -> None:
        made = promise(silver, "PA-18.1.2", triggered_at=at("2026-02-12 10:00"))

        assert made.look_again_at == at("2026-02-14 00:00:00")  # the working day before, a make-up Saturday

    def test_is_made_once_per_occasion(self, silver: Customer) -> None:
        first = promise(silver, occasion="ticket:1")
        second = promise(silver, occasion="ticket:1", triggered_at=at("2026-03-11 10:00"))

        assert second.pk == first.pk
        assert second.due_at == first.due_at
        assert first.events.count() == 1

    def test_that_spills_into_an_unpublished_year_is_provisional(self, silver: Customer) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))

        assert made.provisional
        assert made.due_at == at("2027-01-05 23:59:59")

    def test_remembers_the_tier_and_the_calendar_it_was_counted_with(self, gold: Customer) -> None:
        made = promise(gold, tier="gold")

        assert made.tier == "gold"
        assert made.calendar_version > 0

    def test_after_the_laws_ceiling_is_noted_not_refused(self, silver: Customer) -> None:
        received = at("2026-04-30 16:00")
        ceiling = promise(silver, "保险法 24 refusal notice", triggered_at=received, occasion="claim:1")
        made = promise(silver, "PA-18.1.2-XL", triggered_at=received, occasion="claim:1")

        event = made.events.get(kind="over_ceiling")

        assert made.due_at and ceiling.due_at and made.due_at > ceiling.due_at
        assert event.detail["ceiling"] == str(ceiling.standard)


class TestFulfilling:
    def test_exactly_at_the_due_time_is_kept(self, silver: Customer, lin: User) -> None:
        made = promise(silver)
        assert made.due_at

        done = commitments.fulfil(commitment=made, at=made.due_at, by=lin, proof=PROOF, now=made.due_at)

        assert (done.state, done.breached_at, result(done)) == ("fulfilled", None, "kept")

    def test_in_the_last_fraction_of_the_due_second_is_kept(self, silver: Customer, lin: User) -> None:
        made = promise(silver)
        assert made.due_at
        moment = made.due_at + timedelta(microseconds=999_999)

        assert (
            result(commitments.fulfil(commitment=made, at=moment, by=lin, proof=PROOF, now=moment)) == "kept"
        )

    def test_a_second_later_is_broken_at_the_due_time(self, silver: Customer, lin: User) -> None:
        made = promise(silver)
        assert made.due_at
        late = made.due_at + timedelta(seconds=1)

        done = commitments.fulfil(commitment=made, at=late, by=lin, proof=PROOF, now=late)

        assert done.breached_at == made.due_at
        assert result(done) == "broken"
        assert done.events.get(kind="broken").at == late

    def test_without_proof_is_unproven_until_evidence_comes(
        self, silver: Customer, lin: User, now: datetime
    ) -> None:
        made = promise(silver)

        done = commitments.fulfil(commitment=made, at=now, by=lin, proof=None, now=now)
        before = result(done)
        commitments.add_evidence(commitment=done, proof=PROOF, by=lin, at=now, now=now)

        assert (before, result(done)) == ("unproven", "kept")

    def test_twice_is_refused_and_changes_nothing(self, silver: Customer, lin: User, now: datetime) -> None:
        made = promise(silver)
        commitments.fulfil(commitment=made, at=now, by=lin, proof=PROOF, now=now)

        with pytest.raises(commitments.AlreadyClosed):
            commitments.fulfil(commitment=made, at=now, by=lin, proof=PROOF, now=now)

        assert made.events.filter(kind="fulfilled").count() == 1

    def test_in_the_future_is_refused(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(closing.NotYet):
            commitments.fulfil(
                commitment=promise(silver), at=now + timedelta(seconds=1), by=lin, proof=PROOF, now=now
            )

    def test_before_the_window_is_refused(self, gold: Customer, lin: User, now: datetime) -> None:
        made = windowed(gold, starts_at=now + timedelta(days=1), now=now)

        with pytest.raises(closing.TooEarly, match="最早"):
            commitments.fulfil(commitment=made, at=now, by=lin, proof=PROOF, now=now)

    def test_by_two_people_at_once_is_done_once(self, silver: Customer, lin: User, now: datetime) -> None:
        made = promise(silver)
        stale = Commitment.objects.get(pk=made.pk)
        Commitment.objects.filter(pk=made.pk).update(version=7)

        with pytest.raises(commitments.ChangedMeanwhile):
            commitments.ledger.change(stale, state="fulfilled", fulfilled_at=now, look_again_at=None)

    def test_files_the_same_proof_once(self, silver: Customer, lin: User, now: datetime) -> None:
        done = commitments.fulfil(commitment=promise(silver), at=now, by=lin, proof=PROOF, now=now)

        commitments.add_evidence(commitment=done, proof=PROOF, by=lin, at=now, now=now)

        assert done.evidence.count() == 1


class TestCancelling:
    def test_leaves_the_breach_that_stands(self, silver: Customer, lin: User) -> None:
        made = promise(silver)
        late = at("2026-03-20 10:00")
        commitments.sweep(now=late)

        gone = commitments.cancel(commitment=made, kind="withdrawn", reason="客户撤回", by=lin, now=late)

        assert (gone.state, gone.breached_at) == ("cancelled", made.due_at)

    def test_needs_a_reason(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(closing.ReasonMissing):
            commitments.cancel(commitment=promise(silver), kind="withdrawn", reason=" ", by=lin, now=now)

    def test_by_waiver_needs_another_person(self, silver: Customer, manager: User, now: datetime) -> None:
        with pytest.raises(closing.NeedsApprover):
            commitments.cancel(
                commitment=promise(silver),
                kind="waived",
                reason="灾害",
                by=manager,
                approver=manager,
                now=now,
            )

    def test_by_waiver_needs_the_right(self, silver: Customer, lin: User, lead: User, now: datetime) -> None:
        with pytest.raises(Exception, match="权限"):
            commitments.cancel(
                commitment=promise(silver), kind="waived", reason="灾害", by=lin, approver=lead, now=now
            )

    def test_by_waiver_names_its_approver(
        self, silver: Customer, lin: User, manager: User, now: datetime
    ) -> None:
        gone = commitments.cancel(
            commitment=promise(silver), kind="waived", reason="灾害", by=lin, approver=manager, now=now
        )

        assert gone.cancel_approver == manager


class TestTransferring:
    def test_moves_the_promise_and_keeps_its_clock(
        self, silver: Customer, agent: User, lin: User, now: datetime
    ) -> None:
        made = promise(silver)

        moved = commitments.transfer(commitment=made, owner=agent, reason="休假", by=lin, now=now)

        assert (moved.owner, moved.due_at) == (agent, made.due_at)
        assert moved.events.get(kind="transferred").detail["former"] == lin.pk

    def test_to_the_same_person_is_refused(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(commitments.MustDiffer):
            commitments.transfer(commitment=promise(silver), owner=lin, reason="休假", by=lin, now=now)


class TestTheRowItself:
    """What the database refuses even when a service forgets."""

    @pytest.mark.parametrize(
        ("name", "fields"),
        [
            ("due_is_unknown_exactly_while_paused", {"due_at": None}),
            ("due_is_unknown_exactly_while_paused", {"state": "paused"}),
            ("a_breach_happens_at_the_due_time", {"breached_at": at("2026-03-01 00:00")}),
            ("fulfilled_says_when", {"state": "fulfilled", "look_again_at": None}),
            ("cancelled_says_when_and_why", {"state": "cancelled", "look_again_at": None}),
            ("a_closed_promise_sleeps", {"state": "fulfilled", "fulfilled_at": at("2026-03-10 11:00")}),
            ("a_running_promise_is_looked_at_again", {"look_again_at": None}),
            (
                "kept_late_is_broken",
                {"state": "fulfilled", "fulfilled_at": at("2026-05-01 00:00"), "look_again_at": None},
            ),
            ("a_promise_starts_before_it_is_due", {"starts_at": at("2027-03-10 11:00")}),
            (
                "a_waiver_has_an_approver",
                {
                    "state": "cancelled",
                    "cancelled_at": at("2026-03-10 11:00"),
                    "cancel_kind": "waived",
                    "cancel_reason": "灾害",
                    "look_again_at": None,
                },
            ),
        ],
    )
    def test_refuses_what_is_not_true(self, name: str, fields: dict[str, object], silver: Customer) -> None:
        made = promise(silver)

        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Commitment.objects.filter(pk=made.pk).update(**fields)

    def test_refuses_a_second_promise_for_the_occasion(self, silver: Customer) -> None:
        made = promise(silver)
        made.pk = None

        with pytest.raises(IntegrityError), transaction.atomic():
            made.save(force_insert=True)

    def test_lets_an_alarm_ring_once(self, silver: Customer, now: datetime) -> None:
        made = promise(silver)
        commitments.ledger.record(made, "broken", at=now, now=now, alarm="broken")

        with pytest.raises(IntegrityError), transaction.atomic():
            commitments.ledger.record(made, "broken", at=now, now=now, alarm="broken")

        assert CommitmentEvent.objects.filter(commitment=made, alarm="broken").count() == 1
