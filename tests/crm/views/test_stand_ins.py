"""代班, through the doors: lending one's own work, a manager doing it for somebody, ending it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now as read_clock

from crm.models import Customer, StandIn, User
from crm.time import local_date
from tests.factories import crm as make
from tests.factories.servicing import ticket

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def said(taker: User, days: int = 3, **more: str) -> dict[str, str]:
    today = local_date(read_clock())
    return {
        "stand_in": str(taker.pk),
        "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=days - 1)).isoformat(),
        "reason": "年假",
        "token": "one",
        **more,
    }


class TestLendingOnesWork:
    def test_keeps_the_last_day_as_people_say_it(self, lin: User, agent: User, client_as: As) -> None:
        answer = client_as(lin).post("/stand-ins/", said(agent), follow=True)

        row = StandIn.objects.get()
        assert (row.person, row.stand_in, row.by) == (lin, agent, lin)
        assert row.active_to - row.active_from == timedelta(days=3)
        page = answer.content.decode()
        assert "代班已登记" in page and "进行中" in page and "提前结束" in page

    def test_twice_with_one_token_is_once(self, lin: User, agent: User, client_as: As) -> None:
        client = client_as(lin)
        client.post("/stand-ins/", said(agent))
        assert client.post("/stand-ins/", said(agent)).status_code == 302
        assert StandIn.objects.count() == 1

    def test_over_another_says_what_to_do_and_keeps_what_was_typed(
        self, lin: User, agent: User, lead: User, client_as: As
    ) -> None:
        client = client_as(lin)
        client.post("/stand-ins/", said(agent))
        answer = client.post("/stand-ins/", said(lead, token="two"))

        page = answer.content.decode()
        assert answer.status_code == 422 and "请先结束那一次" in page and 'value="年假"' in page

    @pytest.mark.parametrize("field", ["stand_in", "first_day", "last_day"])
    def test_bears_nonsense(self, lin: User, agent: User, client_as: As, field: str) -> None:
        assert client_as(lin).post("/stand-ins/", said(agent, **{field: "x"})).status_code == 422

    def test_bears_the_last_day_of_time(self, lin: User, agent: User, client_as: As) -> None:
        answer = client_as(lin).post("/stand-ins/", said(agent, last_day="9999-12-31"))
        assert answer.status_code == 422 and "年" in answer.content.decode()

    def test_offers_nobody_from_elsewhere(self, lin: User, zhou: User, client_as: As) -> None:
        assert client_as(lin).post("/stand-ins/", said(zhou)).status_code == 422


class TestAManager:
    def test_names_a_stand_in_for_somebody(
        self, lin: User, agent: User, manager: User, client_as: As
    ) -> None:
        answer = client_as(manager).post(f"/people/{lin.pk}/stand-ins/", said(agent), follow=True)

        assert StandIn.objects.get().by == manager
        assert "替 林晓 代班的人" in answer.content.decode()

    def test_finds_the_way_on_the_person_s_page(self, lin: User, manager: User, client_as: As) -> None:
        page = client_as(manager).get(f"/people/{lin.pk}/").content.decode()
        assert f"/people/{lin.pk}/stand-ins/" in page

    def test_of_another_branch_learns_nothing(self, lin: User, zhou: User, client_as: As) -> None:
        stranger = make.person("boss", role="branch_manager", branch=zhou.branch)
        assert client_as(stranger).get(f"/people/{lin.pk}/stand-ins/").status_code == 404


class TestEnding:
    def test_is_for_the_person_and_managers_not_for_colleagues(
        self, lin: User, agent: User, lead: User, manager: User, client_as: As
    ) -> None:
        client_as(lin).post("/stand-ins/", said(agent))
        row = StandIn.objects.get()

        assert client_as(lead).post(f"/stand-ins/{row.pk}/end/").status_code == 404
        assert client_as(agent).post(f"/stand-ins/{row.pk}/end/").status_code == 404
        answer = client_as(manager).post(f"/stand-ins/{row.pk}/end/", follow=True)
        assert "代班已结束" in answer.content.decode()

    def test_twice_says_that_it_is_over(self, lin: User, agent: User, client_as: As) -> None:
        client = client_as(lin)
        client.post("/stand-ins/", said(agent))
        row = StandIn.objects.get()
        client.post(f"/stand-ins/{row.pk}/end/")
        answer = client.post(f"/stand-ins/{row.pk}/end/", follow=True)
        assert "这次代班已经结束" in answer.content.decode()


class TestTheStandInsPages:
    def test_mark_what_is_lent(self, gold: Customer, lin: User, agent: User, client_as: As) -> None:
        taken = ticket(gold, received_at=read_clock())
        client_as(lin).post("/stand-ins/", said(agent))

        client = client_as(agent)
        for address in ("/?scope=mine", "/promises/?scope=mine", "/tickets/?scope=mine"):
            page = client.get(address).content.decode()
            assert taken.subject in page and "代 林晓" in page, address
        assert "代 林晓" not in client_as(lin).get("/?scope=mine").content.decode()

    def test_let_the_stand_in_work_on_the_customer(self, gold: Customer, lin: User, client_as: As) -> None:
        peer = make.person("peer", name="同事")
        assert client_as(peer).get(f"/customers/{gold.pk}/edit/").status_code == 403
        client_as(lin).post("/stand-ins/", said(peer))
        assert client_as(peer).get(f"/customers/{gold.pk}/edit/").status_code == 200

    def test_say_for_whom_one_stands_in(self, lin: User, agent: User, client_as: As) -> None:
        client_as(lin).post("/stand-ins/", said(agent))
        assert "林晓" in client_as(agent).get("/stand-ins/").content.decode()
