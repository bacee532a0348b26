"""The edges of moving a promise: into another class, and into other hands."""

from datetime import timedelta

import pytest

from crm.models import Customer, Message, User
from crm.rights import NotAllowed
from servicing import access
from servicing.models import Commitment
from servicing.selectors import standards
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments, tickets
from servicing.services.commitments import moving, pausing
from tests.factories import crm as make
from tests.factories.servicing import at, promise, ticket

TRIGGERED = at("2026-03-02 09:00")  # PA-18.1.4-general: 5 working days, due Monday 03-09


def general(customer: Customer) -> Commitment:
    return promise(customer, "PA-18.1.4-general", triggered_at=TRIGGERED)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=f"promise_{kind}").values_list("user__username", flat=True))


class TestReclassifying:
    @pytest.fixture
    def investigation(self, silver: Customer) -> Commitment:
        return promise(silver, "PA-18.1.4-investigation", triggered_at=TRIGGERED)

    def move(
        self, made: Commitment, code: str, when: str, *, by: User, approver: User | None, reason: str = "x"
    ) -> Commitment:
        return commitments.reclassify(
            commitment=made,
            standard=standards.in_force(code, at(when)),
            reason=reason,
            by=by,
            approver=approver,
            now=at(when),
        )

    def test_into_a_limit_that_has_passed_is_broken_by_the_next_sweep(
        self, investigation: Commitment, lin: User, manager: User
    ) -> None:
        moved = self.move(investigation, "PA-18.1.4-general", "2026-03-10 10:00", by=lin, approver=manager)
        commitments.sweep(now=at("2026-03-10 10:01"))
        moved.refresh_from_db()

        assert moved.breached_at == at("2026-03-09 23:59:59")
        assert told("broken") == {"lin", "he"}

    def test_while_paused_counts_when_it_runs_on(
        self, investigation: Commitment, lin: User, manager: User
    ) -> None:
        commitments.pause(commitment=investigation, reason="papers", by=lin, now=at("2026-03-04 09:00"))
        moved = self.move(investigation, "PA-18.1.4-general", "2026-03-05 10:00", by=lin, approver=manager)
        between = (moved.state, moved.due_at)
        resumed = commitments.resume(commitment=moved, by=lin, now=at("2026-03-06 10:00"))

        assert between == ("paused", None)
        assert resumed.due_at == at("2026-03-12 23:59:59")  # day 1 = 03-03, days 2 … 5 = 03-09 … 03-12
        assert receipt_of(resumed).agrees

    def test_while_paused_is_refused_where_the_pause_would_have_come_too_late(
        self, investigation: Commitment, lin: User, manager: User
    ) -> None:
        commitments.pause(commitment=investigation, reason="papers", by=lin, now=at("2026-03-12 09:00"))

        with pytest.raises(pausing.CannotBePaused, match="先恢复计时"):
            self.move(investigation, "PA-18.1.4-general", "2026-03-12 10:00", by=lin, approver=manager)

    def test_while_paused_is_refused_where_the_reason_is_unknown(
        self, investigation: Commitment, lin: User, manager: User
    ) -> None:
        commitments.pause(commitment=investigation, reason="papers", by=lin, now=at("2026-03-03 09:00"))

        with pytest.raises(pausing.CannotBePaused, match="先恢复计时"):
            self.move(investigation, "PA-18.1.3", "2026-03-03 10:00", by=lin, approver=manager)

    def test_into_a_class_that_is_promised_already_is_refused(
        self, silver: Customer, lin: User, manager: User
    ) -> None:
        made = promise(silver, "PA-18.1.3", triggered_at=TRIGGERED, occasion="ticket:1")
        promise(silver, "PA-18.1.2", triggered_at=TRIGGERED, occasion="ticket:1")

        with pytest.raises(moving.PromisedAlready):
            self.move(made, "PA-18.1.2-XL", "2026-03-02 10:00", by=lin, approver=manager)

    def test_needs_a_reason(self, investigation: Commitment, lin: User, manager: User) -> None:
        with pytest.raises(moving.NeedsReason):
            self.move(
                investigation, "PA-18.1.4-general", "2026-03-03 10:00", by=lin, approver=manager, reason=" "
            )

    def test_needs_another_person(self, investigation: Commitment, lin: User, manager: User) -> None:
        for by, approver in ((lin, None), (manager, manager)):
            with pytest.raises(moving.NeedsAnotherApprover):
                self.move(investigation, "PA-18.1.4-general", "2026-03-03 10:00", by=by, approver=approver)

    def test_needs_the_right(self, investigation: Commitment, lin: User, lead: User) -> None:
        with pytest.raises(NotAllowed, match="批准改变类别"):
            self.move(investigation, "PA-18.1.4-general", "2026-03-03 10:00", by=lin, approver=lead)

    def test_in_the_last_fraction_of_the_due_second_is_in_time(
        self, silver: Customer, lin: User, manager: User
    ) -> None:
        moved = commitments.reclassify(
            commitment=general(silver),
            standard=standards.in_force("PA-18.1.4-investigation", TRIGGERED),
            reason="需调查",
            by=lin,
            approver=manager,
            now=at("2026-03-09 23:59:59") + timedelta(microseconds=1),
        )

        assert moved.due_at == at("2026-03-16 23:59:59")


class TestAPromiseThatChangesHands:
    def test_stays_with_its_branch(self, silver: Customer, lin: User, zhou: User, agent: User) -> None:
        moved = commitments.transfer(
            commitment=general(silver), owner=zhou, reason="借调", by=lin, now=TRIGGERED
        )

        assert moved.branch == silver.branch
        assert access.commitment(agent, moved.pk) == moved
        assert access.commitment(zhou, moved.pk) == moved

    def test_never_goes_to_somebody_who_has_left(self, silver: Customer, lin: User, agent: User) -> None:
        agent.is_active = False
        agent.save()
        taken = ticket(silver, "enquiry")

        with pytest.raises(moving.CannotTakeOver, match="已离岗"):
            commitments.transfer(
                commitment=general(silver), owner=agent, reason="休假", by=lin, now=TRIGGERED
            )
        with pytest.raises(moving.CannotTakeOver):
            tickets.transfer(ticket=taken, owner=agent, reason="休假", by=lin, now=taken.received_at)

    def test_is_not_given_to_a_leaver_at_intake(self, silver: Customer, lin: User, agent: User) -> None:
        agent.is_active = False
        agent.save()

        with pytest.raises(moving.CannotTakeOver):
            tickets.open_ticket(
                customer=silver,
                kind="enquiry",
                channel="phone",
                subject="咨询",
                received_at=TRIGGERED,
                owner=agent,
                by=lin,
                now=TRIGGERED,
            )

    def test_never_goes_to_an_auditor(self, silver: Customer, lin: User) -> None:
        auditor = make.person("shen", role="auditor")

        with pytest.raises(moving.CannotTakeOver):
            commitments.transfer(
                commitment=general(silver), owner=auditor, reason="休假", by=lin, now=TRIGGERED
            )

    def test_needs_a_reason(self, silver: Customer, lin: User, agent: User) -> None:
        with pytest.raises(moving.NeedsReason):
            commitments.transfer(commitment=general(silver), owner=agent, reason=" ", by=lin, now=TRIGGERED)

    def test_while_paused_stays_paused(self, silver: Customer, lin: User, agent: User) -> None:
        made = general(silver)
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        moved = commitments.transfer(
            commitment=made, owner=agent, reason="休假", by=lin, now=at("2026-03-05 09:00")
        )

        assert (moved.owner, moved.state, moved.due_at) == (agent, "paused", None)
