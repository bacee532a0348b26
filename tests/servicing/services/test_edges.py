"""The edges of the engine: the second of the pause, the hour before the sweep, people who have left."""

from datetime import timedelta

import pytest

from crm.models import Customer, Message, User
from crm.services import calendars, house_rules
from servicing.models import Commitment
from servicing.selectors.commitments import result
from servicing.selectors.receipts import receipt_of
from servicing.services import commitments, escalations
from servicing.services.commitments import Proof, closing, ledger
from tests.factories.servicing import at, promise, windowed

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
