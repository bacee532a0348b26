"""Changing a customer and a person served there, through the door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.models import Contact, Customer, LogEntry, User
from crm.services import contacts, customers
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def fields_of(page: Any) -> dict[str, str]:
    """This function will read the form on a page as a browser would send it back."""
    form = page.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False, ""):
            sent[bound.html_name] = "on" if value is True else str(value)
    return {**sent, "seen": page.context.get("seen", "")}


class TestChangingACustomer:
    """On its form."""

    def test_saves_what_was_changed(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """And writes down just that."""
        client, address = client_as(lin), f"/customers/{gold.pk}/edit/"
        form = fields_of(client.get(address)) | {
            "name": "金海控股",
            "extra_large": "on",
            "extra_large_from": "2026-03-01",
        }
        assert client.post(address, form)["Location"] == f"/customers/{gold.pk}/"
        row = LogEntry.objects.get(action="crm.customer.changed")
        assert row.after == {"name": "金海控股", "extra_large": True, "extra_large_from": "2026-03-01"}

    def test_shows_a_stale_edit_and_loses_nothing(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """What was typed, beside what stands; saving again is then meant."""
        client, address = client_as(lin), f"/customers/{gold.pk}/edit/"
        form = fields_of(client.get(address)) | {"name": "金海控股"}
        customers.change_customer(customer=gold, version=gold.version, name="金海实业", by=None, now=make.NOW)
        page = client.post(address, form)
        assert page.status_code == 422
        assert (
            "别人刚刚保存过" in page.text
            and "名称：金海实业" in page.text
            and 'value="金海控股"' in page.text
        )
        gold.refresh_from_db()
        assert gold.name == "金海实业"
        assert client.post(address, fields_of(page)).status_code == 302
        gold.refresh_from_db()
        assert gold.name == "金海控股"

    def test_shows_a_refusal(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """In a sentence."""
        client, address = client_as(lin), f"/customers/{gold.pk}/edit/"
        page = client.post(address, fields_of(client.get(address)) | {"extra_large": "on"})
        assert page.status_code == 422 and "起始日" in page.text

    def test_does_not_show_a_persons_name(self, client_as: LogIn, lin: User) -> None:
        """An empty box leaves it alone."""
        person = make.customer("单雄信", kind="person", owner=lin)
        client, address = client_as(lin), f"/customers/{person.pk}/edit/"
        page = client.get(address)
        assert "单雄信" not in page.text and "单*" in page.text
        client.post(address, fields_of(page) | {"stage": "prospect"})
        person.refresh_from_db()
        assert (person.name, person.stage) == ("单雄信", "prospect")

    def test_is_not_for_a_colleague(self, client_as: LogIn, gold: Customer) -> None:
        """Who is told who may, and finds no button."""
        colleague = client_as(make.person("colleague"))
        assert colleague.get(f"/customers/{gold.pk}/edit/").status_code == 403
        assert "修改客户" not in colleague.get(f"/customers/{gold.pk}/").text


class TestChangingAPerson:
    """Served at a customer."""

    @pytest.fixture
    def person(self, gold: Customer) -> Contact:
        """A person with a phone."""
        return make.contact(gold, "欧阳娜", phone="13800005678", title="主管")

    @pytest.fixture
    def address(self, gold: Customer, person: Contact) -> str:
        """The address of the form."""
        return f"/customers/{gold.pk}/contacts/{person.pk}/edit/"

    def test_shows_nothing_clear_and_keeps_it(
        self, client_as: LogIn, lin: User, person: Contact, address: str
    ) -> None:
        """Empty boxes leave name and phone as they are."""
        client = client_as(lin)
        page = client.get(address)
        assert "13800005678" not in page.text and "欧阳娜" not in page.text
        client.post(address, fields_of(page) | {"title": "经理"})
        fresh = Contact.objects.get(pk=person.pk)
        assert (fresh.name, fresh.phone_sealed, fresh.title) == ("欧阳娜", person.phone_sealed, "经理")
        assert LogEntry.objects.get(action="crm.contact.changed").after == {"title": "经理"}

    def test_takes_a_new_phone_and_an_opt_out(
        self, client_as: LogIn, lin: User, person: Contact, address: str
    ) -> None:
        """Sealed again, and dated."""
        client = client_as(lin)
        client.post(address, fields_of(client.get(address)) | {"phone": "13911112222", "opted_out": "on"})
        fresh = Contact.objects.get(pk=person.pk)
        assert fresh.phone_masked == "139****2222" and fresh.opted_out_at

    def test_shows_a_stale_edit_and_loses_nothing(
        self, client_as: LogIn, lin: User, person: Contact, address: str
    ) -> None:
        """What was typed, beside what stands; saving again is then meant."""
        client = client_as(lin)
        form = fields_of(client.get(address)) | {"title": "经理"}
        contacts.change_contact(contact=person, title="总监", by=None, now=make.NOW)
        page = client.post(address, form)
        assert page.status_code == 422 and "职务：总监" in page.text and 'value="经理"' in page.text
        assert client.post(address, form | {"seen": page.context["seen"]}).status_code == 302
        assert Contact.objects.get(pk=person.pk).title == "经理"

    def test_does_not_exist_for_another_branch(self, client_as: LogIn, zhou: User, address: str) -> None:
        """404."""
        assert client_as(zhou).get(address).status_code == 404
