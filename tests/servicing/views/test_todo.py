"""One's own matters: what waits, what is finished, what one set going."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from crm.models import Customer, User
from servicing.services import commitments, tickets
from tests.factories.servicing import promise, ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def shown(client: Client, tab: str) -> dict[str, list[str]]:
    """This function will read the sections of a tab with the titles in them."""
    page = client.get(f"/todo/?tab={tab}")
    return {str(one.title): [item.title for item in one.items] for one in page.context["sections"]}


class TestWhatWaits:
    def test_is_what_one_owns_and_was_reminded_of(
        self, client_as: LogIn, lin: User, agent: User, silver: Customer, ordinary: Customer, now: datetime
    ) -> None:
        row = promise(silver, triggered_at=now)
        ticket(ordinary, "enquiry", received_at=now)
        commitments.urge(commitment=row, reason="客户来电催问", by=agent, now=now)
        found = shown(client_as(lin), "open")
        assert found == {
            "我负责的承诺": [row.title],
            "我经办的工单": ["测试工单"],
            "催办过我的": [row.title],
        }
        assert "秦岚：客户来电催问" in client_as(lin).get("/todo/").text
        assert shown(client_as(agent), "open") == {}

    def test_says_so_when_nothing_does(self, client_as: LogIn, agent: User) -> None:
        assert "没有等您办的事" in client_as(agent).get("/todo/?tab=nothing").text


class TestWhatIsFinished:
    def test_leaves_what_waits(self, client_as: LogIn, lin: User, silver: Customer, now: datetime) -> None:
        row = promise(silver, triggered_at=now)
        closed = ticket(silver, "change", received_at=now)
        commitments.fulfil(commitment=row, at=now, by=lin, proof=None, now=now)
        tickets.withdraw(ticket=closed, reason="客户不再要求", by=lin, now=now)
        assert shown(client_as(lin), "open") == {}
        found = shown(client_as(lin), "done")
        assert found == {"办结的承诺": [row.title], "办结和撤回的工单": ["测试工单"]}


class TestWhatOneSetGoing:
    def test_is_followed(
        self, client_as: LogIn, lin: User, agent: User, silver: Customer, now: datetime
    ) -> None:
        row = ticket(silver, "enquiry", received_at=now)
        commitments.urge(commitment=row.promise, reason="临近到期", by=agent, now=now)  # type: ignore[arg-type]
        assert shown(client_as(lin), "begun") == {"我受理的工单": [row.number]}
        assert list(shown(client_as(agent), "begun")) == ["我发出的催办"]
