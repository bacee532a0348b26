"""Recording service objects and looking at clear data, through the door."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.models import Contact, Customer, LogEntry, User
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


class TestRecordingAServiceObject:
    """Of a gold customer."""

    FORM = {
        "role": "first",
        "name": "张伟",
        "phone": "13800005678",
        "birthday_calendar": "solar",
        "token": "t",
    }

    def test_shows_it_masked(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """On the customer's page."""
        page = client_as(lin).post(f"/customers/{gold.pk}/contacts/new/", self.FORM, follow=True)
        assert "138****5678" in page.text and "13800005678" not in page.text

    def test_sent_twice_records_one(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """A double submit has one effect."""
        client = client_as(lin)
        for _time in range(2):
            assert client.post(f"/customers/{gold.pk}/contacts/new/", self.FORM).status_code == 302
        assert Contact.objects.count() == 1

    def test_keeps_consent_with_its_source(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """And refuses it without."""
        client, form = client_as(lin), {**self.FORM, "consented": "on"}
        assert "写明来源" in client.post(f"/customers/{gold.pk}/contacts/new/", form).text
        client.post(f"/customers/{gold.pk}/contacts/new/", {**form, "consent_source": "投保单"})
        assert Contact.objects.get().consented_at

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("phone", "12345", "看不懂这个电话号码"),
            ("phone", "022-12345678", "座机"),
            ("id_no", "120116800229001", "15 位"),
            ("birth_month", "2", "同时填写月和日"),
            ("name", "  ", "请填写姓名。"),
        ],
    )
    def test_shows_what_is_wrong(
        self, client_as: LogIn, gold: Customer, lin: User, field: str, value: str, sentence: str
    ) -> None:
        """In a sentence, with 422, and nothing saved."""
        page = client_as(lin).post(f"/customers/{gold.pk}/contacts/new/", {**self.FORM, field: value})
        assert page.status_code == 422 and sentence in page.text
        assert not Contact.objects.exists()

    def test_is_not_for_a_colleague(self, client_as: LogIn, gold: Customer) -> None:
        """Who is told who may."""
        page = client_as(make.person("colleague")).get(f"/customers/{gold.pk}/contacts/new/")
        assert page.status_code == 403 and "林晓" in page.text


class TestLookingAtAPhone:
    """In clear."""

    @pytest.fixture
    def address(self, gold: Customer) -> str:
        """The address of the look."""
        contact = make.contact(gold, phone="13800005678")
        return f"/customers/{gold.pk}/contacts/{contact.pk}/reveal/phone/"

    def test_asks_for_the_reason_first(self, client_as: LogIn, lin: User, address: str) -> None:
        """Opening the form shows and logs nothing."""
        page = client_as(lin).get(address)
        assert "用途" in page.text and "13800005678" not in page.text
        assert not LogEntry.objects.filter(action="crm.contact.revealed").exists()

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_shows_it_for_one_answer_and_logs_it(
        self, client_as: LogIn, lin: User, address: str, headers: dict[str, str]
    ) -> None:
        """With who, why and the request."""
        page = client_as(lin).post(address, {"reason": "电话回访"}, headers=headers)
        assert "13800005678" in page.text and page["Cache-Control"] == "no-store"
        row = LogEntry.objects.get(action="crm.contact.revealed")
        assert (row.by, row.reason, row.address) == (lin, "电话回访", "127.0.0.1") and row.request_id
        assert "13800005678" not in client_as(lin).get(f"{address}?hide=1", headers=HTMX).text

    def test_without_a_reason_shows_nothing(self, client_as: LogIn, lin: User, address: str) -> None:
        """And says so."""
        page = client_as(lin).post(address, {"reason": ""})
        assert (
            page.status_code == 422 and "请写明查看明文的用途" in page.text and "13800005678" not in page.text
        )

    def test_of_another_branch_does_not_exist(self, client_as: LogIn, zhou: User, address: str) -> None:
        """With or without a reason."""
        client = client_as(zhou)
        assert client.get(address).status_code == client.post(address, {"reason": "好奇"}).status_code == 404
        assert not LogEntry.objects.filter(action="crm.contact.revealed").exists()

    def test_of_another_field_does_not_exist(self, client_as: LogIn, lin: User, address: str) -> None:
        """Only name, phone and ID number are sealed."""
        assert client_as(lin).get(address.replace("phone", "password")).status_code == 404
