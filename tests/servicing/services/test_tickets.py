"""Tickets: which clock starts when, what may be done, and what a double or stale act does."""

from datetime import datetime, timedelta

import pytest

from crm.models import Customer, LogEntry, User
from crm.services import form_tokens
from servicing import moves
from servicing.models import Ticket
from servicing.models.ticket import TicketState
from servicing.selectors.commitments import result
from servicing.services import commitments, tickets
from servicing.services.commitments.pausing import AlreadyOverdue, CannotBePaused
from servicing.services.tickets import closing, intake, thread, waiting
from tests.factories import crm as make
from tests.factories.servicing import at, ticket
from tests.factories.tiers import give_tier


def codes(row: Ticket) -> tuple[str | None, str | None]:
    return (
        row.promise.standard.code if row.promise else None,
        row.ceiling.standard.code if row.ceiling else None,
    )


def fresh(row: Ticket) -> Ticket:
    return Ticket.objects.select_related("promise__standard", "ceiling__standard").get(pk=row.pk)


class TestTheClockOfANewTicket:
    @pytest.mark.parametrize(
        ("kind", "change", "of_silver", "of_ordinary"),
        [
            ("issue", "", ("PA-18.1.2", None), ("PA-17.1", None)),
            ("change", "beneficiary", ("PA-18.1.3", None), ("PA-17.2", None)),
            ("change", "phone", ("PA-simple", None), ("PA-simple", None)),
            ("enquiry", "", ("PA-18.2.1-normal", None), (None, None)),
            ("complaint", "", ("PA-18.2.1-complaint", "R-4 simple"), (None, "R-4 simple")),
            ("money_in", "", ("PA-18.1.5-in", None), (None, None)),
            ("money_out", "", ("PA-18.1.5-out", None), (None, None)),
            ("request", "", ("X-16", None), ("X-16", None)),
        ],
    )
    def test_follows_the_table(
        self,
        kind: str,
        change: str,
        of_silver: tuple[str | None, str | None],
        of_ordinary: tuple[str | None, str | None],
        silver: Customer,
        ordinary: Customer,
    ) -> None:
        assert codes(ticket(silver, kind, change_type=change)) == of_silver
        assert codes(ticket(ordinary, kind, change_type=change)) == of_ordinary

    def test_of_an_extra_large_vip_is_the_longer_one_from_its_day_on(self, silver: Customer) -> None:
        silver.extra_large, silver.extra_large_from = True, at("2026-03-10 00:00").date()
        silver.save()

        assert codes(ticket(silver, "issue", received_at=at("2026-03-10 10:00")))[0] == "PA-18.1.2-XL"
        assert codes(ticket(silver, "issue", received_at=at("2026-03-09 10:00")))[0] == "PA-18.1.2"

    def test_is_fixed_by_the_tier_on_the_day_of_receipt(self, ordinary: Customer) -> None:
        give_tier(ordinary, "gold", since=at("2026-03-03 00:00").date())

        before = ticket(ordinary, "issue", received_at=at("2026-03-02 09:00"), now=at("2026-03-10 10:00"))
        after = ticket(ordinary, "issue", received_at=at("2026-03-03 09:00"), now=at("2026-03-10 10:00"))

        assert (codes(before)[0], codes(after)[0]) == ("PA-17.1", "PA-18.1.2")

    def test_crosses_the_spring_festival(self, silver: Customer) -> None:
        taken = ticket(silver, "change", received_at=at("2026-02-15 11:00"))

        assert taken.promise and taken.promise.due_at == at("2026-02-25 23:59:59")


class TestPapersThatAreMissingAtIntake:
    def test_of_a_vips_change_keep_the_clock_from_starting(self, silver: Customer, lin: User) -> None:
        taken = ticket(silver, "change", received_at=at("2026-03-10 10:00"), papers_complete=False)
        tickets.complete_papers(ticket=taken, by=lin, now=at("2026-03-12 10:00"))

        started = fresh(taken).promise

        assert taken.promise is None
        assert started and started.due_at == at("2026-03-16 23:59:59")

    def test_of_an_ordinary_change_pause_the_clock_that_runs(self, ordinary: Customer, lin: User) -> None:
        taken = ticket(ordinary, "change", received_at=at("2026-03-10 10:00"), papers_complete=False)
        paused = fresh(taken)
        tickets.complete_papers(ticket=taken, by=lin, now=at("2026-03-12 10:00"))

        assert paused.promise and paused.promise.state == "paused"
        done = fresh(taken)
        # 03-10 is day 0; 03-11 counts nothing: the pause runs from 03-10 to 03-12
        assert done.promise and done.promise.due_at == at("2026-03-17 23:59:59")

    def test_of_any_issue_keep_the_clock_from_starting(self, ordinary: Customer) -> None:
        assert ticket(ordinary, "issue", papers_complete=False).promise is None

    def test_are_completed_once(self, silver: Customer, lin: User, now: datetime) -> None:
        taken = ticket(silver, "change", papers_complete=False)
        tickets.complete_papers(ticket=taken, by=lin, now=now)

        with pytest.raises(intake.AlreadyComplete):
            tickets.complete_papers(ticket=taken, by=lin, now=now)

    def test_keep_the_ticket_from_being_closed(self, silver: Customer, lin: User, now: datetime) -> None:
        taken = ticket(silver, "issue", papers_complete=False)

        with pytest.raises(closing.PapersNeverComplete):
            tickets.close(ticket=taken, summary="已出单", by=lin, now=now)


class TestIntakeRefuses:
    def test_a_receipt_in_the_future(self, silver: Customer, now: datetime) -> None:
        with pytest.raises(intake.ReceivedInFuture):
            ticket(silver, received_at=now + timedelta(minutes=1), now=now)

    def test_a_policy_of_another_customer(
        self, silver: Customer, gold: Customer, lin: User, now: datetime
    ) -> None:
        with pytest.raises(intake.NotTheirs):
            tickets.open_ticket(
                customer=silver,
                policy=make.policy(gold),
                kind="issue",
                channel="phone",
                subject="出单",
                received_at=now,
                by=lin,
                now=now,
            )


class TestAnsweringAComplaint:
    def test_keeps_the_promise_and_the_law_with_the_answer_as_proof(
        self, silver: Customer, lin: User
    ) -> None:
        taken = ticket(silver, "complaint", received_at=at("2026-04-30 16:00"))

        entry = tickets.reply(ticket=taken, body="已核实并致歉。", by=lin, now=at("2026-05-03 23:59:59"))

        answered = fresh(taken)
        assert answered.promise and answered.ceiling
        assert result(answered.promise) == "kept"
        assert answered.ceiling.state == "fulfilled"
        assert answered.promise.evidence.get().reference == f"{taken.number}#{entry.pk}"

    def test_late_breaks_the_promise_and_keeps_the_law(self, silver: Customer, lin: User) -> None:
        taken = ticket(silver, "complaint", received_at=at("2026-04-30 16:00"))

        tickets.reply(ticket=taken, body="已核实并致歉。", by=lin, now=at("2026-05-04 00:00:00"))

        answered = fresh(taken)
        assert answered.promise and answered.ceiling
        assert (result(answered.promise), result(answered.ceiling)) == ("broken", "kept")

    def test_with_a_word_of_receipt_only_leaves_the_clock_running(self, silver: Customer, lin: User) -> None:
        taken = ticket(silver, "complaint")

        tickets.reply(ticket=taken, body="已收到。", by=lin, now=at("2026-03-10 11:00"), answers=False)

        running = fresh(taken).promise
        assert running and running.state == "open"

    def test_is_needed_before_closing(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(closing.AnswerFirst):
            tickets.close(ticket=ticket(silver, "complaint"), summary="处理完毕", by=lin, now=now)


class TestClosing:
    def test_a_change_with_a_reference_is_kept(self, silver: Customer, lin: User, now: datetime) -> None:
        closed = tickets.close(
            ticket=ticket(silver, "change"), summary="批改完成", reference="PD-1", by=lin, now=now
        )

        assert closed.state == TicketState.CLOSED
        promise = fresh(closed).promise
        assert promise and result(promise) == "kept"

    def test_a_change_without_a_reference_is_unproven(
        self, silver: Customer, lin: User, now: datetime
    ) -> None:
        closed = tickets.close(ticket=ticket(silver, "change"), summary="批改完成", by=lin, now=now)

        promise = fresh(closed).promise
        assert promise and result(promise) == "unproven"

    def test_needs_a_summary_and_saves_nothing_without(
        self, silver: Customer, lin: User, now: datetime
    ) -> None:
        taken = ticket(silver, "change")

        with pytest.raises(thread.NothingWritten):
            tickets.close(ticket=taken, summary="  ", by=lin, now=now)

        assert fresh(taken).state == TicketState.RECEIVED

    def test_a_waiting_ticket_is_refused(self, ordinary: Customer, lin: User, now: datetime) -> None:
        taken = ticket(ordinary, "change")
        tickets.ask_papers(ticket=taken, papers=["身份证复印件"], by=lin, now=now)

        with pytest.raises(moves.IllegalMove, match="等待客户"):
            tickets.close(ticket=taken, summary="批改完成", by=lin, now=now)


class TestWaitingForPapers:
    def test_lists_what_is_missing_and_stops_the_clock(
        self, ordinary: Customer, lin: User, now: datetime
    ) -> None:
        taken = tickets.ask_papers(
            ticket=ticket(ordinary, "change"), papers=["申请书", " ", "身份证复印件"], by=lin, now=now
        )

        assert [paper.name for paper in taken.missing_papers.order_by("pk")] == ["申请书", "身份证复印件"]
        promise = fresh(taken).promise
        assert promise and promise.state == "paused"

    def test_goes_on_only_with_the_last_paper(self, ordinary: Customer, lin: User, now: datetime) -> None:
        taken = tickets.ask_papers(ticket=ticket(ordinary, "change"), papers=["甲", "乙"], by=lin, now=now)
        first, second = taken.missing_papers.order_by("pk")

        tickets.papers_arrived(ticket=taken, papers=[first.pk], by=lin, now=now + timedelta(hours=1))
        between = fresh(taken).state
        tickets.papers_arrived(ticket=taken, papers=[second.pk], by=lin, now=now + timedelta(hours=2))

        assert (between, fresh(taken).state) == (TicketState.WAITING, TicketState.RECEIVED)

    def test_must_name_the_papers(self, silver: Customer, lin: User, now: datetime) -> None:
        with pytest.raises(waiting.PapersUnnamed):
            tickets.ask_papers(ticket=ticket(silver, "change"), papers=[""], by=lin, now=now)

    def test_does_not_stop_the_laws_clock_for_a_complaint(
        self, silver: Customer, lin: User, now: datetime
    ) -> None:
        taken = ticket(silver, "complaint")

        tickets.pause(ticket=taken, reason="mediation", note="调解中", by=lin, now=now)

        waits = fresh(taken)
        assert waits.promise and waits.ceiling
        assert waits.promise.state == "paused"
        assert waits.ceiling.state == (
            "paused" if "mediation" in waits.ceiling.standard.pause_reasons else "open"
        )

    def test_is_no_reason_where_the_clock_only_starts_with_complete_papers(
        self, silver: Customer, lin: User, now: datetime
    ) -> None:
        taken = ticket(silver, "change")

        with pytest.raises(CannotBePaused, match="可以暂停的原因"):
            tickets.ask_papers(ticket=taken, papers=["申请书"], by=lin, now=now)

        assert fresh(taken).state == TicketState.RECEIVED


class TestWithdrawing:
    def test_takes_the_promises_out_of_the_statistics(
        self, silver: Customer, lin: User, now: datetime
    ) -> None:
        taken = tickets.withdraw(ticket=ticket(silver, "complaint"), reason="误会", by=lin, now=now)

        ended = fresh(taken)
        assert ended.promise and ended.ceiling
        assert {ended.promise.state, ended.ceiling.state} == {"cancelled"}
        assert ended.promise.cancel_kind == "withdrawn"


class TestTransferring:
    def test_takes_the_promises_along_and_tells_the_new_owner(
        self, silver: Customer, lin: User, agent: User, now: datetime
    ) -> None:
        taken = tickets.transfer(
            ticket=ticket(silver, "complaint"), owner=agent, reason="转客服", by=lin, now=now
        )

        moved = fresh(taken)
        assert moved.promise and moved.ceiling
        assert {moved.owner, moved.promise.owner, moved.ceiling.owner} == {agent}
        assert agent.notices.filter(kind="ticket").count() == 1


class TestAStaleEdit:
    def test_is_refused_and_nothing_is_saved(
        self, silver: Customer, lin: User, agent: User, now: datetime
    ) -> None:
        taken = ticket(silver, "complaint")
        tickets.reply(ticket=taken, body="先答复。", by=agent, now=now, version=taken.version)

        with pytest.raises(tickets.StaleTicket):
            tickets.reply(ticket=taken, body="同时答复。", by=lin, now=now, version=taken.version)

        assert list(taken.entries.filter(kind="reply").values_list("body", flat=True)) == ["先答复。"]


class TestADoubleSubmit:
    def test_has_one_effect(self, silver: Customer, lin: User, now: datetime) -> None:
        def act() -> str:
            return ticket(silver, "complaint").number

        first = form_tokens.once(token="t1", user=lin, now=now, act=act)
        second = form_tokens.once(token="t1", user=lin, now=now, act=act)

        assert first == second
        assert Ticket.objects.count() == 1


class TestMoves:
    @pytest.mark.parametrize("state", list(TicketState))
    @pytest.mark.parametrize("move", list(moves.MOVES))
    def test_that_are_not_in_the_table_are_refused(self, state: str, move: str) -> None:
        if move in moves.legal(state):
            assert moves.after(state, move) in TicketState
        else:
            with pytest.raises(moves.IllegalMove, match="不能"):
                moves.after(state, move)


class TestEveryAct:
    def test_is_written_in_the_log(self, silver: Customer, lin: User, now: datetime) -> None:
        taken = ticket(silver, "complaint")
        tickets.reply(ticket=taken, body="答复。", by=lin, now=now)
        tickets.note(ticket=taken, body="备注。", by=lin, now=now)
        tickets.close(ticket=taken, summary="办结。", by=lin, now=now)

        acts = LogEntry.objects.filter(subject=f"servicing.ticket:{taken.number}").order_by("pk")

        assert [entry.action.rsplit(".", 1)[1] for entry in acts] == ["opened", "replied", "noted", "closed"]


class TestTheWorkAfterASweep:
    def test_leaves_a_broken_complaint_broken(self, silver: Customer, lin: User) -> None:
        taken = ticket(silver, "complaint", received_at=at("2026-04-30 16:00"))
        commitments.sweep(now=at("2026-05-05 10:00"))

        tickets.reply(ticket=taken, body="答复。", by=lin, now=at("2026-05-05 10:00"))

        promise = fresh(taken).promise
        assert promise and promise.breached_at == at("2026-05-03 23:59:59")


class TestAClockThatIsLateBesideOneInTime:
    """A silver customer's complaint: three days by the company's promise, fifteen by the law."""

    @pytest.fixture
    def late(self, silver: Customer) -> Ticket:
        return ticket(silver, "complaint", received_at=at("2026-03-02 09:00"))

    NOW = at("2026-03-07 09:00")

    def test_stays_late_while_the_laws_clock_stands_still(self, late: Ticket, lin: User) -> None:
        tickets.pause(ticket=late, reason="appraisal", papers=["鉴定报告"], by=lin, now=self.NOW)

        row = fresh(late)
        assert row.promise and row.ceiling
        assert (row.state, row.promise.state, row.ceiling.state) == ("waiting", "open", "paused")
        assert row.missing_papers.get().pause == row.ceiling.pauses.get()
        tickets.resume(ticket=row, by=lin, now=at("2026-03-10 09:00"))
        row = fresh(late)
        assert row.ceiling and row.ceiling.due_at == at("2026-03-21 23:59:59")
        assert result(row.promise) == ""

    def test_does_not_lend_the_law_a_reason_of_its_own(self, late: Ticket, lin: User) -> None:
        with pytest.raises(CannotBePaused):
            tickets.pause(ticket=late, reason="papers", by=lin, now=self.NOW)

    def test_is_refused_where_both_are_late(self, late: Ticket, lin: User) -> None:
        with pytest.raises(AlreadyOverdue):
            tickets.pause(ticket=late, reason="appraisal", by=lin, now=at("2026-03-20 09:00"))
