"""发送记录: one's own branch only, masked, with the reason of what was not sent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.models import Customer, Occurrence, User
from tests.factories import crm as make
from tests.factories.sending import Gateway, greeting, run_delivery

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db
LIST = "/messages/"


def occurrence(customer: Customer, now: datetime, reason: str) -> Occurrence:
    return Occurrence.objects.create(
        kind="birthday_greeting",
        subject=f"contact:{customer.pk}",
        occasion_date=now.date(),
        channel="sms",
        customer=customer,
        contact=make.contact(customer),
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        state="skipped",
        reason=reason,
        settled_at=now,
    )


class TestTheList:
    def test_shows_state_and_masked_reader(
        self, gold: Customer, lin: User, client_as: As, now: datetime
    ) -> None:
        greeting(make.contact(gold, "张伟", phone="13912345678"), now)
        run_delivery(Gateway(), now)
        page = client_as(lin).get(LIST).content.decode()
        assert "生日祝福" in page and "已跳过" in page and "无同意" in page
        assert "139****5678" in page and "13912345678" not in page and "张伟" not in page

    def test_hides_other_branches(
        self, gold: Customer, zhou: User, lead: User, client_as: As, now: datetime
    ) -> None:
        greeting(make.contact(gold), now)
        assert "金海集团" not in client_as(zhou).get(LIST).content.decode()
        assert "金海集团" in client_as(lead).get(LIST).content.decode()

    def test_can_be_narrowed_to_a_state(
        self, gold: Customer, lin: User, client_as: As, now: datetime
    ) -> None:
        greeting(make.contact(gold), now)
        assert "金海集团" in client_as(lin).get(LIST, {"state": "planned"}).content.decode()
        assert "金海集团" not in client_as(lin).get(LIST, {"state": "failed"}).content.decode()
        assert "金海集团" in client_as(lin).get(LIST, {"state": "nonsense"}).content.decode()

    def test_asks_the_same_number_of_questions_for_many(
        self,
        gold: Customer,
        lin: User,
        client_as: As,
        now: datetime,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        contact = make.contact(gold)
        for _one in range(60):
            greeting(contact, now)
        client = client_as(lin)
        with django_assert_max_num_queries(10):
            client.get(LIST)


class TestWhatWasNotSent:
    def test_says_why(self, gold: Customer, lin: User, client_as: As, now: datetime) -> None:
        occurrence(gold, now, "已退订")
        assert "已退订" in client_as(lin).get("/messages/unsent/").content.decode()

    def test_hides_other_branches(self, gold: Customer, zhou: User, client_as: As, now: datetime) -> None:
        occurrence(gold, now, "已退订")
        assert "金海集团" not in client_as(zhou).get("/messages/unsent/").content.decode()
