"""The list of tickets, through the door."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from crm.models import Customer, User
from servicing.services import commitments, tickets
from tests.factories.servicing import ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def numbers(page: object) -> list[str]:
    """This function will list the ticket numbers that a page shows."""
    return [row.ticket.number for row in page.context["rows"]]  # type: ignore[attr-defined]


class TestTheList:
    """Of a branch's tickets."""

    def test_shows_unfinished_ones_by_what_is_due_first(
        self, client_as: LogIn, agent: User, silver: Customer, ordinary: Customer
    ) -> None:
        """The law's ceiling counts where there is no promise of ours; no clock at all comes last."""
        nothing = ticket(ordinary, "enquiry")
        law = ticket(ordinary, "complaint")
        soon = ticket(silver, "enquiry")
        page = client_as(agent).get("/tickets/")
        assert numbers(page) == [soon.number, law.number, nothing.number]
        assert "无时限承诺" in page.text

    def test_puts_a_ticket_whose_promise_was_given_up_last(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        """Its old due time no longer says anything, and the ticket itself is not struck out."""
        ended, running = ticket(silver, "request"), ticket(silver, "issue")
        assert ended.promise and running.promise and ended.promise.due_at and running.promise.due_at
        commitments.cancel(
            commitment=ended.promise, kind="cancelled", reason="客户要求改期", by=agent, now=now
        )
        page = client_as(agent).get("/tickets/")
        assert numbers(page) == [running.number, ended.number]
        assert "不再计时" in page.text and "jn-promise is-cancelled" not in page.text

    def test_hides_other_branches(self, client_as: LogIn, zhou: User, gold: Customer) -> None:
        """Wholly."""
        ticket(gold)
        assert numbers(client_as(zhou).get("/tickets/?state=all")) == []

    @pytest.mark.parametrize("text", ["银河", "yhwl", "测试工"])
    def test_finds_by_subject_customer_and_initials(
        self, client_as: LogIn, agent: User, silver: Customer, gold: Customer, text: str
    ) -> None:
        """Or by its number."""
        row = ticket(silver)
        assert row.number in numbers(client_as(agent).get("/tickets/", {"q": text}))
        assert numbers(client_as(agent).get("/tickets/", {"q": row.number[-5:]})) == [row.number]
        assert numbers(client_as(agent).get("/tickets/", {"q": "没有"})) == []

    def test_narrows_by_kind_state_and_owner(
        self, client_as: LogIn, agent: User, lin: User, silver: Customer, now: datetime
    ) -> None:
        """A value that is none of ours asks for nothing."""
        change, complaint = ticket(silver, "change"), ticket(silver, "complaint")
        tickets.withdraw(ticket=complaint, reason="客户不再要求", by=lin, now=now)
        client = client_as(agent)
        assert numbers(client.get("/tickets/?kind=change")) == [change.number]
        assert numbers(client.get("/tickets/?state=withdrawn")) == [complaint.number]
        assert set(numbers(client.get("/tickets/?state=all"))) == {change.number, complaint.number}
        assert numbers(client.get("/tickets/?scope=mine")) == []
        assert numbers(client_as(lin).get("/tickets/?scope=mine")) == [change.number]
        assert numbers(client.get("/tickets/?kind=none")) == [change.number]

    def test_names_the_filters_that_are_set(self, client_as: LogIn, agent: User, silver: Customer) -> None:
        """Each can be taken away by itself."""
        page = client_as(agent).get("/tickets/?kind=change&state=closed")
        assert page.context["chips"] == [
            ("类别：保全变更", "/tickets/?state=closed"),
            ("状态：已办结", "/tickets/?kind=change"),
        ]

    def test_answers_htmx_with_the_results_alone(
        self, client_as: LogIn, agent: User, silver: Customer
    ) -> None:
        """The same fragment that the page holds."""
        row = ticket(silver)
        part = client_as(agent).get("/tickets/", headers={"HX-Request": "true"})
        assert part.text.lstrip().startswith('<div id="results">') and row.number in part.text

    def test_turns_pages(self, client_as: LogIn, agent: User, silver: Customer, now: datetime) -> None:
        """Fifty at a time; a page beyond the last is the last."""
        for hours in range(51):
            at = now - timedelta(minutes=hours)
            ticket(silver, "enquiry", received_at=at, now=now)
        assert len(numbers(client_as(agent).get("/tickets/?page=99"))) == 1
