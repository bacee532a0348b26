"""The page of a person's consent: what it shows, who may write, what a double submit does."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from crm.models import Consent, Contact, Customer, User
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def contact(gold: Customer, now: datetime) -> Contact:
    return make.contact(gold, consented_at=now, consent_source="投保单勾选")


def page(contact: Contact) -> str:
    return reverse("crm:contact-consents", args=[contact.customer_id, contact.pk])


class TestThePageOfAConsent:
    def test_says_for_each_channel_whether_care_may_leave_and_why(
        self, client_as: LogIn, contact: Contact
    ) -> None:
        text = client_as(contact.customer.owner).get(page(contact)).content.decode()
        assert text.count("可以发") == 2 and "投保单勾选" in text and "照常发，不需要同意" in text

    def test_takes_a_withdrawal_once_and_shows_it_on_the_card(
        self, client_as: LogIn, contact: Contact
    ) -> None:
        client = client_as(contact.customer.owner)
        said = {
            "token": client.get(page(contact)).context["token"],
            "channel": "sms",
            "said": "withdrawn",
            "source": "短信回复 R",
            "said_on": localdate().isoformat(),
        }
        for _time in range(2):
            assert client.post(page(contact), said).status_code == 302
        assert Consent.objects.get().given is False
        card = client.get(reverse("crm:customer-detail", args=[contact.customer_id]) + "?tab=contacts")
        assert "已撤回该渠道的同意" in card.content.decode()

    def test_says_beside_the_field_what_is_refused(self, client_as: LogIn, contact: Contact) -> None:
        said = {"channel": "sms", "said": "given", "source": "电话确认", "said_on": "2999-01-01"}
        answer = client_as(contact.customer.owner).post(page(contact), said)
        assert answer.status_code == 422 and "还没有到" in answer.context["form"].errors["said_on"][0]

    def test_is_read_but_not_written_by_who_may_not_edit(
        self, client_as: LogIn, contact: Contact, agent: User
    ) -> None:
        client = client_as(agent)
        assert "登记客户的表示" not in client.get(page(contact)).content.decode()
        assert client.post(page(contact), {"channel": "sms"}).status_code == 403
