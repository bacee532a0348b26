"""The edges of the engine: the second of the pause, the hour before the sweep, people who have left."""

from datetime import datetime, timedelta

import pytest

from crm.models import Customer, Message, User
from crm.rights import NotAllowed
from crm.services import calendars, house_rules
from servicing import access
from servicing.models import Commitment
from servicing.selectors import standards
from servicing.selectors.commitments import result
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments, escalations, tickets
from servicing.services.commitments import Proof, closing, ledger, moving, pausing
from servicing.services.tickets import closing as ticket_closing
from tests.factories import crm as make
from tests.factories.servicing import at, promise, ticket, windowed

PROOF = Proof(kind="reply", reference="GD1#1")
TRIGGERED = at("2026-03-02 09:00")  # PA-18.1.4-general: 5 working days, due Monday 03-09


def general(customer: Customer) -> Commitment:
    return promise(customer, "PA-18.1.4-general", triggered_at=TRIGGERED)


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=f"promise_{kind}").values_list("user__username", flat=True))


class TestASweepThatComesFirst:
    """A person read the clock before the deadline, the sweep came in between."""

    def test_leaves_its_breach_although_the_closing_moment_was_in_time(
        self, silver: Customer, lin: User
    ) -> None:
        made = general(silver)
        assert made.due_at
        commitments.sweep(now=made.due_at + timedelta(seconds=1))

        done = commitments.fulfil(commitment=made, at=made.due_at, by=lin, proof=PROOF, now=made.due_at)

        assert done.breached_at == made.due_at

    def test_is_seen_by_whoever_read_the_row_before_it(self, silver: Customer) -> None:
        made = general(silver)
        stale = Commitment.objects.get(pk=made.pk)
        assert made.due_at
        commitments.sweep(now=made.due_at + timedelta(seconds=1))

        with pytest.raises(commitments.ChangedMeanwhile):
            ledger.change(stale, breached_at=None)

    def test_of_a_pause_is_seen_too(self, silver: Customer, lin: User) -> None:
        made = general(silver)
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))
        stale = Commitment.objects.get(pk=made.pk)
        commitments.sweep(now=at("2026-03-18 00:00"))

        with pytest.raises(commitments.ChangedMeanwhile):
            ledger.change(stale, look_again_at=at("2027-01-01 00:00"))


class TestCancellingBeforeTheSweepHasSeenTheBreach:
    def test_writes_the_breach_down(self, silver: Customer, lin: User) -> None:
        made = general(silver)
        late = at("2026-03-10 00:00:00")

        gone = commitments.cancel(commitment=made, kind="withdrawn", reason="客户撤回", by=lin, now=late)

        assert gone.breached_at == made.due_at
        assert gone.events.get(kind="broken").at == late

    def test_in_the_due_second_breaks_nothing(self, silver: Customer, lin: User) -> None:
        made = general(silver)
        moment = at("2026-03-09 23:59:59") + timedelta(microseconds=900_000)

        gone = commitments.cancel(commitment=made, kind="withdrawn", reason="客户撤回", by=lin, now=moment)

        assert gone.breached_at is None


class TestTheSecondOfThePause:
    def test_may_be_the_second_of_the_closing(self, silver: Customer, lin: User) -> None:
        made = general(silver)
        paused_at = at("2026-03-04 09:00:00") + timedelta(microseconds=400_000)
        commitments.pause(commitment=made, reason="papers", by=lin, now=paused_at)
        moment = paused_at + timedelta(microseconds=300_000)

        done = commitments.fulfil(commitment=made, at=moment, by=lin, proof=PROOF, now=moment)

        assert (done.state, result(done)) == ("fulfilled", "kept")
        assert done.pauses.get().ended_at == paused_at

    def test_may_come_after_what_was_done_the_day_before(self, silver: Customer, lin: User) -> None:
        made = general(silver)
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))

        done = commitments.fulfil(
            commitment=made, at=at("2026-03-03 16:00"), by=lin, proof=PROOF, now=at("2026-03-05 09:00")
        )

        assert done.due_at == made.due_at  # the pause lasted nothing
        assert receipt_of(done).agrees

    def test_may_be_the_last_second_of_the_due_date(self, silver: Customer, lin: User) -> None:
        made = general(silver)
        moment = at("2026-03-09 23:59:59") + timedelta(microseconds=500_000)

        assert commitments.pause(commitment=made, reason="papers", by=lin, now=moment).state == "paused"


class TestAClockThatRunsOnInAmber:
    """Paused on Monday the due date, resumed on Wednesday: due on Thursday, amber already."""

    @pytest.fixture
    def resumed(self, silver: Customer, lin: User) -> Commitment:
        made = general(silver)
        commitments.sweep(now=at("2026-03-05 00:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-09 09:00"))
        return commitments.resume(commitment=made, by=lin, now=at("2026-03-11 10:30"))

    def test_is_due_on_the_next_working_day(self, resumed: Commitment) -> None:
        assert resumed.due_at == at("2026-03-12 23:59:59")

    def test_is_warned_of_again_as_of_the_resume(self, resumed: Commitment) -> None:
        commitments.sweep(now=at("2026-03-11 10:31"))
        commitments.sweep(now=at("2026-03-11 10:32"))

        warnings = list(resumed.events.filter(kind="warned").order_by("at").values_list("at", flat=True))
        assert warnings == [at("2026-03-05 00:00"), at("2026-03-11 10:30")]


class TestAResumeAfterClosingTime:
    """With deadlines at the close of business a pause of one day may run on when its deadline has passed."""

    def test_is_broken_at_once_not_a_day_later(self, silver: Customer, lin: User, head_office: User) -> None:
        house_rules.set_rule(
            key="deadline_time_mode", value="close_of_business", reason="试行", by=head_office, now=TRIGGERED
        )
        made = general(silver)
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-09 17:00"))
        commitments.resume(commitment=made, by=lin, now=at("2026-03-09 19:00"))

        commitments.sweep(now=at("2026-03-09 19:01"))
        made.refresh_from_db()

        assert made.breached_at == at("2026-03-09 18:00")
        assert told("broken") == {"lin", "he"}


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


class TestWhoIsTold:
    def test_of_a_leavers_promise_are_those_above_from_the_warning_on(
        self, silver: Customer, lin: User
    ) -> None:
        general(silver)
        lin.is_active = False
        lin.save()

        commitments.sweep(now=at("2026-03-05 09:00"))
        commitments.sweep(now=at("2026-03-10 00:00"))

        assert (told("warned"), told("broken")) == ({"he"}, {"he"})

    def test_where_the_supervisor_has_left_is_the_branch_manager(
        self, silver: Customer, lin: User, lead: User
    ) -> None:
        made = general(silver)
        lead.is_active = False
        lead.save()
        made = Commitment.objects.select_related("owner__supervisor", "branch").get(pk=made.pk)

        people = escalations.recipients(made, escalations.Rung.FIRST)

        assert [one.username for one in people] == ["guo"]


class TestASentence:
    def test_names_the_earliest_moment_on_the_local_clock(self, gold: Customer, lin: User) -> None:
        made = windowed(gold, starts_at=at("2026-03-11 00:30"), now=at("2026-03-10 10:00"))

        with pytest.raises(closing.TooEarly, match="2026-03-11 00:30"):
            commitments.fulfil(
                commitment=made, at=at("2026-03-10 23:00"), by=lin, proof=PROOF, now=at("2026-03-10 23:00")
            )


class TestALongPauseNoticedLate:
    def test_is_dated_when_it_became_long(self, silver: Customer, lin: User) -> None:
        made = general(silver)
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-03-04 09:00"))
        Commitment.objects.filter(pk=made.pk).update(look_again_at=at("2026-03-18 01:00"))  # put off an hour

        commitments.sweep(now=at("2026-03-18 01:00"))

        assert made.events.get(kind="escalated").at == at("2026-03-18 00:00")


class TestACalendarThatArrivesLate:
    NOTICE = """
year = 2027
number = "测试通知"
published_on = 2026-12-20
source = "测试"
version = 1

[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-01
makeup = [2027-01-02]
"""

    def test_does_not_heal_what_is_overdue_but_not_swept(self, silver: Customer, head_office: User) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))
        late = at("2027-01-06 00:00")

        calendars.import_notice(text=self.NOTICE, by=head_office, now=late)
        commitments.sweep(now=late)
        made.refresh_from_db()

        assert made.breached_at == at("2027-01-05 23:59:59")

    def test_and_moves_a_deadline_into_the_past_breaks_it_at_once(
        self, silver: Customer, head_office: User
    ) -> None:
        made = promise(silver, triggered_at=at("2026-12-31 10:00"))
        moment = at("2027-01-05 09:00")

        calendars.import_notice(text=self.NOTICE, by=head_office, now=moment)
        commitments.sweep(now=moment)
        made.refresh_from_db()

        # the make-up Saturday 01-02 is day 1, Monday 01-04 is day 2
        assert made.breached_at == made.due_at == at("2027-01-04 23:59:59")

    def test_while_paused_counts_at_the_resume(self, silver: Customer, lin: User, head_office: User) -> None:
        made = promise(silver, "PA-18.1.4-general", triggered_at=at("2026-12-29 10:00"))
        commitments.pause(commitment=made, reason="papers", by=lin, now=at("2026-12-30 10:00"))
        calendars.import_notice(text=self.NOTICE, by=head_office, now=at("2026-12-31 10:00"))

        resumed = commitments.resume(commitment=made, by=lin, now=at("2026-12-31 16:00"))

        # paused 12-30 and 12-31; 01-01 off; 01-02 (make-up) … 01-08 without Sunday 01-03
        assert (resumed.due_at, resumed.provisional) == (at("2027-01-07 23:59:59"), False)
        assert receipt_of(resumed).agrees


class TestATicketWrittenDownLate:
    def test_with_papers_missing_and_overdue_is_taken_in_without_a_pause(
        self, ordinary: Customer, now: datetime
    ) -> None:
        taken = ticket(ordinary, "change", received_at=at("2026-03-02 10:00"), now=now, papers_complete=False)

        assert taken.state == "received"
        assert taken.promise and taken.promise.state == "open"


class TestAWordOfReceipt:
    def test_is_no_answer_to_close_on(self, silver: Customer, lin: User, now: datetime) -> None:
        taken = ticket(silver, "complaint")
        tickets.reply(ticket=taken, body="已收到。", by=lin, now=now, answers=False)

        with pytest.raises(ticket_closing.AnswerFirst):
            tickets.close(ticket=taken, summary="处理完毕", by=lin, now=now)


class TestPapersThatArriveAtATicketThatIsClosed:
    def test_change_nothing(self, ordinary: Customer, lin: User, now: datetime) -> None:
        taken = ticket(ordinary, "change")
        tickets.ask_papers(ticket=taken, papers=["甲", "乙"], by=lin, now=now)
        tickets.withdraw(ticket=taken, reason="不办了", by=lin, now=now)
        paper = taken.missing_papers.order_by("pk").first()
        assert paper

        with pytest.raises(Exception, match="不能恢复"):
            tickets.papers_arrived(ticket=taken, papers=[paper.pk], by=lin, now=now)
