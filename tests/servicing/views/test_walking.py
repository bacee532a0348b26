"""From row to row of the list one came from, keeping its filters."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from crm.models import Customer, User
from servicing.models import Ticket
from servicing.services import tickets
from tests.factories.servicing import promise, ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def three(silver: Customer, ordinary: Customer, now: datetime) -> list[Ticket]:
    """Three complaints in the order of the list, and an enquiry that the filter leaves out."""
    ticket(ordinary, "enquiry")
    return [
        ticket(silver, "complaint", received_at=now + timedelta(minutes=m), now=now + timedelta(hours=1))
        for m in range(3)
    ]


def opened(client: Client, row: Ticket, n: int) -> str:
    """This function will give the address at which the list opens a row."""
    return f"/tickets/{row.number}/?in=tickets&from=kind%3Dcomplaint&row={row.pk}&n={n}"


class TestARowOpenedFromAList:
    def test_is_linked_with_its_place(self, client_as: LogIn, agent: User, three: list[Ticket]) -> None:
        page = client_as(agent).get("/tickets/?kind=complaint")
        link = opened(client_as(agent), three[1], 2).replace("&", "&amp;")
        assert f'href="{link}"' in page.text

    def test_says_where_it_stands_and_leads_on_and_back(
        self, client_as: LogIn, agent: User, three: list[Ticket]
    ) -> None:
        client = client_as(agent)
        page = client.get(opened(client, three[1], 2))
        walk = page.context["walk"]
        assert (walk.position, walk.total) == (2, "3") and "第 2 / 3 条" in page.text
        assert walk.back == "/tickets/?kind=complaint"
        assert client.get(walk.following)["Location"] == opened(client, three[2], 3)
        assert client.get(walk.previous)["Location"] == opened(client, three[0], 1)

    def test_at_the_ends_leads_one_way(self, client_as: LogIn, agent: User, three: list[Ticket]) -> None:
        client = client_as(agent)
        first = client.get(opened(client, three[0], 1)).context["walk"]
        last = client.get(opened(client, three[2], 3)).context["walk"]
        assert first.previous == "" and last.following == "" and first.following and last.previous

    def test_stays_on_its_way_through_an_act_and_then_leads_to_the_next(
        self, client_as: LogIn, agent: User, lin: User, three: list[Ticket], now: datetime
    ) -> None:
        client = client_as(agent)
        tickets.withdraw(ticket=three[1], reason="客户不再要求", by=lin, now=now + timedelta(hours=2))
        at = opened(client, three[1], 2)
        noted = client.post(at.replace("?", "note/?"), {"body": "已联系"})
        assert noted["Location"] == at
        page = client.get(at)
        assert "已不在列表中" in page.text
        assert client.get(page.context["walk"].following)["Location"] == opened(client, three[2], 2)

    def test_without_a_list_shows_no_way(self, client_as: LogIn, agent: User, three: list[Ticket]) -> None:
        client = client_as(agent)
        assert client.get(f"/tickets/{three[0].number}/").context["walk"] is None
        assert client.get(f"/tickets/{three[0].number}/?in=nothing").context["walk"] is None
        page = client.get(f"/tickets/{three[0].number}/?in=tickets&n=x&row=%00&from=%ff")
        assert page.status_code == 200

    def test_of_another_branch_leads_nowhere(self, client_as: LogIn, zhou: User, three: list[Ticket]) -> None:
        assert client_as(zhou).get(f"/step/?in=tickets&row={three[0].pk}&n=1").status_code == 404


class TestOtherLists:
    def test_of_promises_lead_through_tickets_and_receipts(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        row, alone = ticket(silver, "enquiry", received_at=now), promise(silver, triggered_at=now)
        client = client_as(agent)
        page = client.get(f"/promises/{alone.pk}/?in=promises&from=&row={alone.pk}&n=2")
        assert page.context["walk"].position == 2
        before = client.get(page.context["walk"].previous)["Location"]
        assert before.startswith(f"/tickets/{row.number}/?in=promises")

    def test_of_customers_keep_the_way_from_tab_to_tab(
        self, client_as: LogIn, agent: User, silver: Customer, gold: Customer
    ) -> None:
        page = client_as(agent).get(f"/customers/{silver.pk}/?in=customers&from=&row={silver.pk}&n=2")
        assert "/ 2 条" in page.text
        assert f"tab=history&amp;in=customers&amp;from=&amp;row={silver.pk}" in page.text
