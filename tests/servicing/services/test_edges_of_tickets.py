"""The edges of a ticket: written down late, answered with a word of receipt, closed before its papers come."""

from datetime import datetime

import pytest

from crm.models import Customer, User
from servicing.services import tickets
from servicing.services.tickets import closing as ticket_closing
from tests.factories.servicing import at, ticket


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
