"""Tickets through the API: the page's own service, once per key, with the receipt of the clock."""

from typing import Any

import pytest
from django.utils.timezone import now as read_clock

from crm.models import ApiCall, Customer, User
from servicing.models import Ticket
from tests.factories.api import Machine, machine

LIST = "/api/v1/tickets"


@pytest.fixture
def client(lin: User) -> Machine:
    return machine(lin)


def asked(to: Customer, **fields: Any) -> dict[str, Any]:
    return {
        "customer": to.number,
        "kind": "complaint",
        "channel": "web",
        "received_at": read_clock().isoformat(),
        "subject": "迟迟没有答复",
        **fields,
    }


class TestANewTicket:
    def test_starts_its_clocks_and_answers_their_receipts(self, client: Machine, silver: Customer) -> None:
        answer = client.call("POST", LIST, asked(silver))
        told, row = answer.json(), Ticket.objects.get()

        assert answer.status_code == 201
        assert answer["Location"] == f"{LIST}/{row.number}"
        assert {one["promise"]["id"] for one in told["receipts"]} == {row.promise_id, row.ceiling_id}
        assert all(one["agrees"] and one["steps"] for one in told["receipts"])
        assert client.call("GET", answer["Location"]).json() == told

    def test_is_opened_once_however_often_it_is_sent(self, client: Machine, silver: Customer) -> None:
        body = asked(silver)
        first, again = (client.call("POST", LIST, body, key="a") for _time in range(2))

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert (again["Location"], again["Idempotency-Replayed"]) == (first["Location"], "true")
        assert Ticket.objects.count() == 1

    def test_under_a_key_of_another_request_is_refused(self, client: Machine, silver: Customer) -> None:
        client.call("POST", LIST, asked(silver), key="a")
        answer = client.call("POST", LIST, asked(silver, subject="另一件事"), key="a")

        assert answer.status_code == 422
        assert Ticket.objects.count() == 1

    def test_while_the_first_is_being_answered_waits(self, client: Machine, silver: Customer) -> None:
        body = asked(silver)
        client.call("POST", LIST, body, key="a")
        ApiCall.objects.update(done_at=None, status=None, leased_until=read_clock().replace(year=2100))
        answer = client.call("POST", LIST, body, key="a")

        assert answer.status_code == 409
        assert int(answer["Retry-After"]) > 0

    def test_without_a_key_is_refused(self, client: Machine, silver: Customer) -> None:
        assert client.call("POST", LIST, asked(silver), key=None).status_code == 400
        assert not Ticket.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"customer": "K9"}, "customer"),
            ({"customer": "a\x00"}, "customer"),
            ({"kind": "cat"}, "kind"),
            ({"kind": "change"}, "change_type"),
            ({"received_at": "morgen"}, "received_at"),
            ({"subject": ""}, "subject"),
            ({"subject": 5}, "subject"),
            ({"policy": "P9"}, "policy"),
            ({"papers_complete": "yes"}, "papers_complete"),
            ({"owner": "guo"}, "owner"),
        ],
    )
    def test_that_cannot_be_says_which_field(
        self, fields: dict[str, Any], field: str, client: Machine, silver: Customer
    ) -> None:
        answer = client.call("POST", LIST, asked(silver, **fields))

        assert answer.status_code == 422
        assert field in answer.json()["fields"]

    def test_of_tomorrow_carries_the_services_sentence(self, client: Machine, silver: Customer) -> None:
        answer = client.call("POST", LIST, asked(silver, received_at="2099-01-01T10:00:00+08:00"))

        assert answer.status_code == 422
        assert "受理时间" in answer.json()["title"]


class TestARefusal:
    def test_is_replayed_like_any_answer(self, client: Machine, silver: Customer) -> None:
        body = asked(silver, subject="")
        first, again = (client.call("POST", LIST, body, key="a") for _time in range(2))

        assert first.status_code == again.status_code == 422
        assert again["Idempotency-Replayed"] == "true"
        assert again["Content-Type"] == "application/problem+json"


class TestPromises:
    def test_are_listed_by_due_time(self, client: Machine, silver: Customer, gold: Customer) -> None:
        for customer in (silver, gold):
            client.call("POST", LIST, asked(customer))
        rows = client.call("GET", "/api/v1/promises").json()["rows"]

        assert len(rows) == 4
        assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)

    def test_can_be_asked_for_by_the_day(self, client: Machine, silver: Customer) -> None:
        client.call("POST", LIST, asked(silver))

        assert client.call("GET", "/api/v1/promises?due_before=2020-01-01").json()["rows"] == []
        assert client.call("GET", "/api/v1/promises?due_from=2020-01-01").json()["rows"]

    @pytest.mark.parametrize(
        "query", ["state=x", "due_from=x", "scope=all", "cursor=YQ", "state=open&size=-1"]
    )
    def test_refuse_what_they_do_not_know(self, query: str, client: Machine) -> None:
        assert client.call("GET", f"/api/v1/promises?{query}").status_code == 400
