"""The page of one customer, through the door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.models import Customer, User
from crm.services import contacts
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
TABS = ["contacts", "policies", "history", "tiers"]


class TestTheCustomerPage:
    """Of a gold customer."""

    @pytest.mark.parametrize("tab", ["", *TABS, "nonsense"])
    def test_does_not_exist_for_another_branch(
        self, client_as: LogIn, gold: Customer, zhou: User, tab: str
    ) -> None:
        """404, on every tab."""
        assert client_as(zhou).get(f"/customers/{gold.pk}/?tab={tab}").status_code == 404

    @pytest.mark.parametrize("address", ["tiers/", "tier/", "contacts/new/", "edit/"])
    def test_hides_its_parts_from_another_branch(
        self, client_as: LogIn, gold: Customer, zhou: User, address: str
    ) -> None:
        """The fragments stand behind the same gate."""
        assert client_as(zhou).get(f"/customers/{gold.pk}/{address}").status_code == 404

    def test_shows_persons_masked(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """Neither name nor phone in clear, on any tab."""
        make.contact(gold, "欧阳娜", phone="13800005678", title="人事主管")
        for tab in TABS:
            page = client_as(lin).get(f"/customers/{gold.pk}/?tab={tab}").text
            assert "13800005678" not in page and "欧阳娜" not in page
        assert "138****5678" in client_as(lin).get(f"/customers/{gold.pk}/?tab=contacts").text

    def test_shows_policies_with_their_premium(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """In yuan."""
        make.policy(gold, number="P1", premium_fen=1234567)
        page = client_as(lin).get(f"/customers/{gold.pk}/?tab=policies").text
        assert "P1" in page and "12,345.67" in page

    def test_tells_who_looked_and_why(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """The history shows reveals."""
        contact = make.contact(gold)
        contacts.reveal(contact=contact, field="phone", reason="电话回访", by=lin, now=make.NOW)
        page = client_as(lin).get(f"/customers/{gold.pk}/?tab=history").text
        assert "查看明文" in page and "林晓" in page and "电话回访" in page

    def test_tells_the_level_since_when_and_why(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """In the head and on its tab."""
        client = client_as(lin)
        assert "金牌" in client.get(f"/customers/{gold.pk}/").text
        assert "自 2026-01-01 起" in client.get(f"/customers/{gold.pk}/tier/").text
        assert "至今" in client.get(f"/customers/{gold.pk}/tiers/").text

    def test_offers_no_reveal_to_the_auditor(self, client_as: LogIn, gold: Customer) -> None:
        """Who reads everything masked."""
        contact = make.contact(gold)
        auditor = client_as(make.person("shen", "auditor", make.branch_tree().head_office))
        assert "查看明文" not in auditor.get(f"/customers/{gold.pk}/?tab=contacts").text
        assert auditor.get(f"/customers/{gold.pk}/contacts/{contact.pk}/reveal/phone/").status_code == 403

    @pytest.mark.parametrize("tab", TABS)
    @pytest.mark.parametrize("rows", [1, 40])
    def test_takes_few_queries_however_much_there_is(
        self,
        client_as: LogIn,
        gold: Customer,
        lin: User,
        tab: str,
        rows: int,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        """Twelve with the frame, and one for the names that a history mentions."""
        make.contact(gold)
        for _time in range(rows):
            make.policy(gold)
        client = client_as(lin)
        with django_assert_max_num_queries(13):
            assert client.get(f"/customers/{gold.pk}/?tab={tab}").status_code == 200

    def test_is_not_kept_by_any_cache(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """And differs for htmx."""
        answer: Any = client_as(lin).get(f"/customers/{gold.pk}/")
        assert answer["Cache-Control"] == "no-store" and "HX-Request" in answer["Vary"]
