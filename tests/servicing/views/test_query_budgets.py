"""No page of this floor asks more than 15 queries, and none asks more for more rows."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import Customer, User
from crm.selectors import calendars
from crm.services import messages
from servicing.models import Ticket
from servicing.services import commitments, tickets
from tests.factories import crm as make
from tests.factories.servicing import ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
MOST = 15
MANY = 60


@pytest.fixture
def count(client_as: LogIn, lin: User) -> Callable[[str], int]:
    """A function that counts the queries of one page, after the calendar was built once."""
    client = client_as(lin)
    calendars.current().why(datetime(2026, 1, 1).date())  # noqa: DTZ001

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    return count


@pytest.fixture
def fill(
    lin: User, manager: User, ordinary: Customer, silver: Customer, now: datetime
) -> Callable[[int], Ticket]:
    """A function that gives 林晓 many of everything and returns a waiting ticket with much on it."""

    def fill(number: int) -> Ticket:
        for one in range(number):
            customer = make.customer(f"客户{one}", owner=lin) if one % 5 == 0 else silver
            at = now - timedelta(days=19, hours=3 * one)
            ticket(customer, "complaint", received_at=at, now=now)
            done = ticket(ordinary, "request", received_at=at, now=now)
            tickets.reply(ticket=done, body="已答复", by=lin, now=now)
            make.person(f"colleague-{one}")
            messages.notify(users=[lin], kind="ticket", body="通知", now=now, nudge=False)
        row = ticket(ordinary, "change")
        for one in range(number):
            tickets.note(ticket=row, body=f"备注 {one}", by=lin, now=now)
        tickets.ask_papers(ticket=row, papers=[f"材料 {n}" for n in range(number)], by=lin, now=now)
        commitments.sweep(now=now)
        row.refresh_from_db()
        return row

    return fill


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?scope=branch",
        "/?group=overdue",
        "/tickets/",
        "/tickets/?state=all&q=测试",
        "/tickets/new/",
        "/tickets/new/?customer={customer}",
        "/tickets/{number}/",
        "/promises/{promise}/",
        "/deadlines/",
        "/deadlines/?clock=kind:complaint&tier=gold&at=2026-02-12T10:00",
        "/customers/{customer}/promises/",
        "/customers/{customer}/tickets/",
    ],
)
def test_a_page_keeps_its_budget_whatever_the_number_of_rows(
    address: str, count: Callable[[str], int], fill: Callable[[int], Ticket]
) -> None:
    """One row and sixty cost the same."""
    asked = []
    for number in (1, MANY):
        row = fill(number)
        names = {"customer": row.customer_id, "number": row.number, "promise": row.promise_id}
        asked.append(count(address.format(**names)))
    assert asked[0] == asked[1] <= MOST, asked


def test_a_long_pause_costs_no_more_than_the_budget(
    count: Callable[[str], int], ordinary: Customer, lin: User, now: datetime
) -> None:
    """The page of a ticket at its dearest: waiting for long, with an approver to choose."""
    at = now - timedelta(days=40)
    row = ticket(ordinary, "change", received_at=at)
    tickets.ask_papers(ticket=row, papers=["身份证"], by=lin, now=at)
    assert count(f"/tickets/{row.number}/") <= MOST
