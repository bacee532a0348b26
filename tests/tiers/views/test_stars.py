"""The pages of stars."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from crm.models import Customer, User
from tests.factories import crm as make
from tests.tiers.services.test_stars import count, life
from tiers.models import StarPoints

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture
def client(lin: User, now: datetime) -> Client:
    with time_machine.travel(now, tick=False):
        found = Client()
        found.force_login(lin)
        yield found


def starred(owner: User, premium: str, name: str) -> Customer:
    customer = make.customer(name, owner=owner)
    life(customer, premium)
    return customer


def names(client: Client, query: str) -> list[str]:
    return [row.stands.customer.name for row in client.get(f"/stars/?{query}").context["rows"]]


class TestTheListAboutToRise:
    def test_tells_what_is_missing_in_three_ways(self, client: Client, lin: User) -> None:
        starred(lin, "38500.00", "差一点")
        starred(lin, "20000.00", "差很多")
        count(TODAY)
        text = client.get("/stars/").content.decode()

        assert names(client, "list=rise") == ["差一点"]
        assert all(amount in text for amount in ("38,500.00", "1,500.00", "15,000.00"))

    def test_holds_only_ones_own_on_demand(self, client: Client, lin: User, agent: User) -> None:
        starred(lin, "38500.00", "我的")
        starred(agent, "38500.00", "同事的")
        count(TODAY)

        assert sorted(names(client, "list=rise")) == ["同事的", "我的"]
        assert names(client, "list=rise&mine=1") == ["我的"]

    def test_shows_nobody_of_another_branch(self, client: Client, zhou: User) -> None:
        starred(zhou, "38500.00", "别处的")
        count(TODAY)

        assert names(client, "list=rise") == []


class TestTheListAboutToFall:
    def test_holds_who_falls_within_ninety_days(self, client: Client, lin: User) -> None:
        soon, later = starred(lin, "38000.00", "快了"), starred(lin, "38000.00", "还早")
        count(TODAY)
        StarPoints.objects.filter(customer=soon).update(star=2, ends_on=TODAY + timedelta(days=90))
        StarPoints.objects.filter(customer=later).update(star=2, ends_on=TODAY + timedelta(days=91))

        assert names(client, "list=fall") == ["快了"]


class TestTheListToBeTold:
    def test_holds_stars_that_heard_nothing(self, client: Client, lin: User) -> None:
        told, silent = starred(lin, "40000.00", "已告知"), starred(lin, "40000.00", "未告知")
        starred(lin, "100.00", "准星")
        count(TODAY)
        StarPoints.objects.filter(customer=told).update(told_on=TODAY)

        assert names(client, "list=tell") == [silent.name]

    @pytest.mark.parametrize(("told", "listed"), [(date(2025, 3, 10), True), (date(2025, 3, 11), False)])
    def test_holds_who_was_told_a_year_ago(self, client: Client, lin: User, told: date, listed: bool) -> None:
        customer = starred(lin, "40000.00", "去年")
        count(TODAY)
        StarPoints.objects.filter(customer=customer).update(told_on=told, changed_on=date(2025, 1, 1))

        assert (names(client, "list=tell") == ["去年"]) is listed


class TestAnEmptyList:
    def test_says_that_nothing_was_counted_yet(self, client: Client) -> None:
        assert "还没有计算过" in client.get("/stars/").content.decode()

    @pytest.mark.parametrize("query", ["list=未知", "page=99", "page=x", "mine=什么"])
    def test_answers_an_odd_question_with_a_list(self, client: Client, query: str) -> None:
        assert client.get(f"/stars/?{query}").status_code == 200


class TestTheExplanation:
    def test_names_every_policy_with_its_points_or_its_reason(self, client: Client, lin: User) -> None:
        customer = starred(lin, "38500.00", "客户")
        life(customer, "100.00", delivered_date=TODAY - timedelta(days=3))
        count(TODAY)
        text = client.get(f"/customers/{customer.pk}/star/").content.decode()

        assert "年交 10 年" in text and "38,500.00" in text
        assert "送达未满 15 天，2026-03-23 起计入" in text
        assert "距二星" in text and "15,000.00" in text

    def test_of_a_customer_of_another_branch_is_not_found(self, client: Client, zhou: User) -> None:
        customer = starred(zhou, "38500.00", "别处的")

        assert client.get(f"/customers/{customer.pk}/star/").status_code == 404

    def test_without_policies_says_where_points_come_from(self, client: Client, lin: User) -> None:
        customer = make.customer("没有保单", owner=lin)

        assert "还没有保单" in client.get(f"/customers/{customer.pk}/star/").content.decode()


class TestTheHeadOfACustomer:
    def test_names_the_star_with_its_term(self, client: Client, lin: User) -> None:
        customer = starred(lin, "38500.00", "客户")
        count(TODAY)
        text = client.get(f"/customers/{customer.pk}/tier/").content.decode()

        assert "一星" in text and "38,500.00" in text and "有效期至 2028-03-08" in text
