"""Reminding an owner, through the door."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from crm.models import Customer, User
from tests.factories import crm as make
from tests.factories.servicing import promise, ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def form(reason: str = "客户来电催问") -> dict[str, str]:
    """This function will fill the form as a page of its own would."""
    return {"token": str(uuid.uuid4()), "reason": reason}


class TestTheForm:
    def test_urges_once_however_often_it_is_sent(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        row, client, sent = promise(silver, triggered_at=now), client_as(agent), form()

        for _ in range(2):
            assert client.post(f"/promises/{row.pk}/urge/", sent)["Location"] == f"/promises/{row.pk}/"

        page = client.get(f"/promises/{row.pk}/")
        assert row.events.filter(kind="urged").count() == 1
        assert "已催办 林晓" in page.text and "客户来电催问" in page.text

    def test_sent_again_too_early_keeps_the_words_and_says_when(
        self,
        client_as: LogIn,
        agent: User,
        silver: Customer,
        now: datetime,
        office_clock: time_machine.Traveller,
    ) -> None:
        row, client = promise(silver, triggered_at=now), client_as(agent)
        client.post(f"/promises/{row.pk}/urge/", form())
        office_clock.move_to(now + timedelta(hours=1))
        client = client_as(agent)  # the first login has been idle too long

        page = client.post(f"/promises/{row.pk}/urge/", form("第二次来电"))

        assert page.status_code == 422
        assert "最早 2026-03-10 12:00:00 可以再次催办" in page.text and "第二次来电" in page.text

    def test_without_a_reason_asks_for_one(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        row = promise(silver, triggered_at=now)
        page = client_as(agent).post(f"/promises/{row.pk}/urge/", form(" "))
        assert page.status_code == 422 and "请写明催办的原因" in page.text

    def test_with_a_token_that_is_none_still_urges(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        row = promise(silver, triggered_at=now)
        sent = {**form(), "token": "x" * 99}
        assert client_as(agent).post(f"/promises/{row.pk}/urge/", sent).status_code == 302

    def test_is_closed_to_auditors_and_other_branches(
        self, client_as: LogIn, zhou: User, silver: Customer, now: datetime
    ) -> None:
        row, auditor = promise(silver, triggered_at=now), make.person("shen", role="auditor")
        assert client_as(auditor).post(f"/promises/{row.pk}/urge/", form()).status_code == 403
        assert client_as(zhou).post(f"/promises/{row.pk}/urge/", form()).status_code == 404


class TestTheButton:
    def test_stands_on_the_branch_list_the_ticket_and_the_receipt(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        row, client = ticket(silver, received_at=now), client_as(agent)
        link = f'href="/promises/{row.promise_id}/#urge"'
        assert link in client.get("/?scope=branch").text
        assert f'href="/promises/{row.ceiling_id}/#urge"' in client.get("/?scope=branch").text
        assert "#urge" in client.get(f"/tickets/{row.number}/").text
        assert 'id="urge"' in client.get(f"/promises/{row.promise_id}/").text

    def test_stands_beside_a_promise_without_a_ticket(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        row = promise(silver, triggered_at=now)
        assert f"/promises/{row.pk}/#urge" in client_as(agent).get("/?scope=branch").text

    @pytest.mark.parametrize("role", ["owner", "auditor"])
    def test_is_not_offered_to_the_owner_nor_to_an_auditor(
        self, client_as: LogIn, lin: User, silver: Customer, now: datetime, role: str
    ) -> None:
        row = ticket(silver, received_at=now)
        client = client_as(lin if role == "owner" else make.person("shen", role="auditor"))
        for page in ("/?scope=branch", f"/tickets/{row.number}/", f"/promises/{row.promise_id}/"):
            text = client.get(page).text
            assert "#urge" not in text and 'id="urge"' not in text
