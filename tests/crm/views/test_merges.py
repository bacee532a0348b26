"""Comparing, merging and undoing through the door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.models import Customer, CustomerMerge, User
from crm.services import customers
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def pair(lin: User) -> tuple[Customer, Customer]:
    """One person, recorded twice with one phone."""
    rows = [make.customer("单雄信", kind="person", owner=lin, number=f"K{n}") for n in (1, 2)]
    for row in rows:
        make.contact(row, "单雄信", phone="13800005678")
    return rows[0], rows[1]


def answers(page: Any, **fields: str) -> dict[str, str]:
    """This function will send back what the comparison shows."""
    first, second = page.context["versions"]
    sent = {"other": page.context["other"].number, "token": page.context["token"], "reason": "重复开户"}
    return {**sent, "version": str(first), "other_version": str(second), **fields}


class TestMerging:
    """From the list of suspects."""

    def test_leads_from_the_suspects_to_one_customer_and_back(
        self, client_as: LogIn, manager: User, pair: tuple[Customer, Customer]
    ) -> None:
        """Nothing clear on any page; a double submit merges once."""
        first, second = pair
        client, address = client_as(manager), f"/customers/{first.pk}/merge/"
        page = client.get("/merges/")
        assert "手机相同" in page.text and f"{address}?other=K2" in page.text
        page = client.get(f"{address}?other=K2")
        assert "138****5678" in page.text and "服务对象" in page.text
        assert "13800005678" not in page.text and "单雄信" not in page.text
        sent = answers(page, take_self="other")
        for _time in range(2):
            assert client.post(address, sent)["Location"] == f"/customers/{first.pk}/" or _time
        assert CustomerMerge.objects.count() == 1
        assert first.contacts.get().pk != second.contacts.get().pk
        old = client.get(f"/customers/{second.pk}/", follow=True)
        assert old.redirect_chain == [(f"/customers/{first.pk}/", 302)] and "已并入" in old.text
        done = CustomerMerge.objects.get()
        assert "撤销合并" in client.get("/merges/").text
        assert "已撤销" in client.post(f"/merges/{done.pk}/undo/", follow=True).text
        again = client.post(f"/merges/{done.pk}/undo/")
        assert again.status_code == 422 and "已经撤销" in again.text

    def test_of_rows_that_changed_meanwhile_shows_them_again(
        self, client_as: LogIn, manager: User, pair: tuple[Customer, Customer]
    ) -> None:
        """With what was chosen; sending again is then meant."""
        first, second = pair
        client, address = client_as(manager), f"/customers/{first.pk}/merge/"
        sent = answers(client.get(f"{address}?other=K2"))
        customers.change_customer(
            customer=second, version=second.version, stage="prospect", by=None, now=make.NOW
        )
        page = client.post(address, sent)
        assert page.status_code == 422 and "重新比较" in page.text and "重复开户" in page.text
        assert client.post(address, answers(page)).status_code == 302

    @pytest.mark.parametrize("other", ["K9", "K1", "", "x" * 99, "\x00"])
    def test_asks_for_the_other_where_the_number_is_nobodys(
        self, client_as: LogIn, manager: User, pair: tuple[Customer, Customer], other: str
    ) -> None:
        """In a sentence."""
        page = client_as(manager).get(f"/customers/{pair[0].pk}/merge/", {"other": other})
        assert page.status_code == (422 if other else 200) and "另一位的客户号" in page.text

    def test_says_why(self, client_as: LogIn, manager: User, pair: tuple[Customer, Customer]) -> None:
        """A form without a reason, or without versions, merges nothing."""
        client, address = client_as(manager), f"/customers/{pair[0].pk}/merge/"
        page = client.get(f"{address}?other=K2")
        for wrong in ({"reason": ""}, {"version": ""}, {"other_version": "x"}):
            assert client.post(address, answers(page, **wrong)).status_code == 422
        assert not CustomerMerge.objects.exists()

    def test_is_for_managers(
        self, client_as: LogIn, lin: User, zhou: User, manager: User, pair: tuple[Customer, Customer]
    ) -> None:
        """The keeper sees no button; another branch's customer is nobody."""
        assert client_as(lin).get(f"/customers/{pair[0].pk}/merge/").status_code == 403
        assert "合并客户" not in client_as(lin).get(f"/customers/{pair[0].pk}/").text
        make.customer("石家庄制药", owner=zhou, number="K7")
        page = client_as(manager).get(f"/customers/{pair[0].pk}/merge/?other=K7")
        assert page.status_code == 422 and "石家庄" not in page.text
