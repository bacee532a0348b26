"""The page of a customer's team: what it shows, who may change it, what a double submit does."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from crm.models import Customer, TeamSeat, User
from crm.services import teams

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def page(customer: Customer) -> str:
    return reverse("crm:customer-team", args=[customer.pk])


class TestTheTeamOfACustomer:
    def test_shows_who_is_what_and_what_is_missing(
        self, client_as: LogIn, gold: Customer, agent: User, now: datetime
    ) -> None:
        teams.seat(customer=gold, user=agent, kind="member", duty="办理保全", by=gold.owner, now=now)
        text = client_as(gold.owner).get(page(gold)).content.decode()
        assert "团队还缺：客户副经理" in text and "办理保全" in text
        assert "成员：秦岚" in text  # the change, with the name and not the staff number

    def test_offers_changes_only_to_who_may_make_them(
        self, client_as: LogIn, gold: Customer, agent: User
    ) -> None:
        assert "安排成员" in client_as(gold.owner).get(page(gold)).content.decode()
        assert "安排成员" not in client_as(agent).get(page(gold)).content.decode()

    def test_gets_one_member_by_a_double_submit(self, client_as: LogIn, gold: Customer, agent: User) -> None:
        client, address = client_as(gold.owner), reverse("crm:team-seat-new", args=[gold.pk])
        said = {
            "token": client.get(address).context["token"],
            "user": agent.pk,
            "kind": "deputy",
            "duty": "代理客户经理",
        }
        for _time in range(2):
            assert client.post(address, said).status_code == 302
        assert TeamSeat.objects.get().kind == "deputy"

    def test_says_beside_the_field_what_is_refused(
        self, client_as: LogIn, gold: Customer, agent: User, manager: User, now: datetime
    ) -> None:
        teams.seat(customer=gold, user=agent, kind="deputy", duty="代理", by=gold.owner, now=now)
        client, address = client_as(gold.owner), reverse("crm:team-seat-new", args=[gold.pk])
        answer = client.post(
            address, {"token": "t" * 8, "user": manager.pk, "kind": "deputy", "duty": "把关"}
        )
        assert answer.status_code == 422 and "已是客户副经理" in answer.context["form"].errors["kind"][0]

    def test_is_changed_and_left_by_its_pages(
        self, client_as: LogIn, gold: Customer, agent: User, now: datetime
    ) -> None:
        seat = teams.seat(customer=gold, user=agent, kind="member", duty="保全", by=gold.owner, now=now)
        client = client_as(gold.owner)
        address = reverse("crm:team-seat-edit", args=[gold.pk, seat.pk])
        seen = client.get(address).context["seen"]
        client.post(address, {"seen": seen, "kind": "leader", "duty": "统筹"})
        assert TeamSeat.objects.get().duty == "统筹"
        client.post(reverse("crm:team-seat-clear", args=[gold.pk, seat.pk]))
        assert not TeamSeat.objects.exists()

    def test_hands_the_customer_over_from_here(self, client_as: LogIn, gold: Customer) -> None:
        answer = client_as(gold.owner).post(reverse("crm:customers-transfer"), {"ids": gold.pk})
        assert answer.status_code == 200 and answer.context["chosen"] == 1
