"""Clocks that stop, run on, and change class."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.models import Customer, User
from servicing.models import Pause
from servicing.selectors import standards
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments
from servicing.services.commitments import moving, pausing
from servicing.wording import event_words
from tests.factories.servicing import at, promise


class TestAPausedPromise:
    def test_has_no_due_time(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))

        paused = commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        assert (paused.state, paused.due_at, paused.legal_latest) == ("paused", None, None)

    def test_does_not_break_while_waiting_for_the_customer(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        commitments.sweep(now=at("2026-12-31 09:00"))
        made.refresh_from_db()

        assert (made.state, made.breached_at) == ("paused", None)

    def test_counts_neither_the_first_nor_the_last_day_of_the_pause(
        self, silver: Customer, lin: User
    ) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        resumed = commitments.resume(commitment=made, by=lin, now=at("2026-03-10 09:00"))

        assert resumed.due_at == at("2026-03-16 23:59:59")

    def test_for_part_of_one_day_changes_nothing(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        resumed = commitments.resume(commitment=made, by=lin, now=at("2026-03-04 17:00"))

        assert resumed.due_at == made.due_at == at("2026-03-09 23:59:59")

    def test_is_pressed_for_an_approver_when_it_becomes_long(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        for hour in range(3):
            commitments.sweep(now=at("2026-03-18 00:00") + timedelta(hours=hour))

        assert made.events.filter(kind="escalated").count() == 1

    def test_is_never_pressed_on_the_tenth_working_day(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        commitments.sweep(now=at("2026-03-17 23:59"))

        assert not made.events.filter(kind="escalated").exists()

    def test_of_eleven_working_days_resumes_only_with_an_approver(
        self, silver: Customer, lin: User, manager: User
    ) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        with pytest.raises(pausing.PauseNeedsApprover):
            commitments.resume(commitment=made, by=lin, now=at("2026-03-18 09:00"))
        resumed = commitments.resume(commitment=made, by=lin, approver=manager, now=at("2026-03-18 09:00"))

        assert resumed.state == "open"
        assert resumed.pauses.get().approver == manager

    def test_may_be_closed_and_the_pause_ends_with_it(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))
        moment = at("2026-03-12 09:00")

        done = commitments.fulfil(
            commitment=made, at=moment, by=lin, proof=commitments.Proof("closing", "X1"), now=moment
        )

        assert (done.state, done.breached_at) == ("fulfilled", None)
        assert done.pauses.get().ended_at == moment
        assert "unapproved" not in done.events.get(kind="resumed").detail

    @pytest.mark.parametrize("approved", [False, True])
    def test_may_be_closed_after_long_and_says_whether_nobody_approved(
        self, silver: Customer, lin: User, manager: User, approved: bool
    ) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        approver = manager if approved else None
        commitments.pause(
            commitment=made, reason="papers", by=lin, approver=approver, now=at("2026-03-04 09:00")
        )
        moment = at("2026-03-18 09:00")

        done = commitments.fulfil(commitment=made, at=moment, by=lin, proof=None, now=moment)

        told = done.events.get(kind="resumed").detail
        assert told.get("unapproved", False) is not approved
        assert ("没有批准人" in event_words("resumed", told)) is not approved

    def test_cannot_be_paused_again(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        with pytest.raises(commitments.AlreadyPaused):
            commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-05 09:00"))

    def test_is_guarded_by_the_database_against_a_second_pause(self, silver: Customer, now: datetime) -> None:
        made = promise(silver)
        Pause.objects.create(commitment=made, reason="papers", started_at=now)

        with pytest.raises(IntegrityError), transaction.atomic():
            Pause.objects.create(commitment=made, reason="papers", started_at=now)


class TestASameDayPromise:
    def test_runs_the_same_day_rule_from_the_resume(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-simple", triggered_at=at("2026-03-10 10:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-10 11:00"))

        resumed = commitments.resume(commitment=made, by=lin, now=at("2026-03-12 18:30"))

        assert resumed.due_at == at("2026-03-13 23:59:59")


class TestAPauseThatIsNotAllowed:
    def test_for_a_reason_the_standard_does_not_know(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "CL-48h")

        with pytest.raises(pausing.CannotBePaused):
            commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-10 11:00"))

    def test_after_the_due_time_even_before_the_sweep(self, silver: Customer, lin: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))

        with pytest.raises(pausing.AlreadyOverdue):
            commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-10 00:00:00"))

    def test_resuming_what_runs(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(commitments.NotPaused):
            commitments.resume(commitment=promise(silver), by=lin, now=now)


class TestReclassifying:
    def test_counts_from_the_original_trigger_and_keeps_the_pauses(
        self, silver: Customer, lin: User, manager: User
    ) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))
        commitments.resume(commitment=made, by=lin, now=at("2026-03-05 09:00"))
        investigation = standards.in_force("PA-18.1.4-investigation", at("2026-03-06 09:00"))

        moved = commitments.reclassify(
            commitment=made,
            standard=investigation,
            reason="需调查",
            by=lin,
            approver=manager,
            now=at("2026-03-06 09:00"),
        )

        # day 1 = 03-03; 03-04 and 03-05 are paused; days 2 … 10 = 03-06 … 03-18
        assert moved.due_at == at("2026-03-18 23:59:59")
        assert receipt_of(moved).agrees

    def test_after_the_due_time_is_refused_and_stays_broken(
        self, silver: Customer, lin: User, manager: User
    ) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-03-02 09:00"))
        late = at("2026-03-10 00:00:00")

        with pytest.raises(moving.TooLateToReclassify):
            commitments.reclassify(
                commitment=made,
                standard=standards.in_force("PA-18.1.4-investigation", late),
                reason="需调查",
                by=lin,
                approver=manager,
                now=late,
            )
