"""批量转移 and 交接记录, through the doors."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.models import Customer, Handover, User
from servicing.models import Commitment
from tests.factories import crm as make

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db
DOOR = "/customers/transfer/"


@pytest.fixture
def mei(lead: User) -> User:
    """The colleague who takes over."""
    return make.person("mei", name="梅芳", supervisor=lead)


def said(taker: User, **fields: object) -> dict[str, object]:
    return {"cause": "leaving", "reason": "离职交接", "taker1": taker.pk, "step": "confirm", **fields}


class TestHandingOver:
    def test_begins_with_whose_customers(self, gold: Customer, manager: User, client_as: As) -> None:
        assert "谁的客户" in client_as(manager).get(DOOR).content.decode()
        page = client_as(manager).get(DOOR, {"person": gold.owner_id}).content.decode()
        assert "交接林晓的客户" in page and "共 1 位客户" in page

    def test_shows_first_and_changes_nothing(
        self, gold: Customer, ordinary: Customer, mei: User, manager: User, client_as: As
    ) -> None:
        asked = said(mei, step="preview", person=gold.owner_id)
        page = client_as(manager).post(DOOR, asked).content.decode()
        assert "确认交接" in page and "金海集团" in page and "梅芳" in page
        assert not Handover.objects.exists()

    def test_happens_once_for_a_double_submit(
        self, gold: Customer, mei: User, manager: User, client_as: As
    ) -> None:
        client, asked = client_as(manager), said(mei, person=gold.owner_id, token="one")
        first, second = client.post(DOOR, asked), client.post(DOOR, asked)
        assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
        assert Handover.objects.count() == 1
        page = client.get(first["Location"]).content.decode()
        assert "金海集团" in page and "已完成" in page and "离职交接" in page
        assert "离职交接" in client.get("/handovers/").content.decode()
        assert "更换客户经理" in client.get(f"/customers/{gold.pk}/?tab=history").content.decode()

    def test_takes_chosen_customers_in_any_form(
        self, gold: Customer, ordinary: Customer, silver: Customer, mei: User, lin: User, client_as: As
    ) -> None:
        client = client_as(lin)
        assert "选中的 2 位" in client.post(DOOR, {"ids": [gold.pk, ordinary.pk]}).content.decode()
        answer = client.post(DOOR, said(mei, cause="workload", ids=f"{gold.pk},{ordinary.pk}"))
        assert answer.status_code == 302
        assert set(mei.customers.all()) == {gold, ordinary}

    def test_leaves_out_customers_of_others(
        self, gold: Customer, mei: User, lin: User, manager: User, client_as: As
    ) -> None:
        theirs = make.customer("别人的客户", owner=manager)
        page = client_as(lin).post(DOOR, {"ids": f"{gold.pk},{theirs.pk}"}).content.decode()
        assert "有 1 位客户不由您" in page
        client_as(lin).post(DOOR, said(mei, ids=f"{gold.pk},{theirs.pk}"))
        theirs.refresh_from_db()
        assert theirs.owner_id == manager.pk

    @pytest.mark.parametrize(
        ("field", "value"), [("reason", ""), ("taker1", ""), ("taker1", "x"), ("cause", "x")]
    )
    def test_keeps_what_was_typed_when_refused(
        self, gold: Customer, mei: User, manager: User, client_as: As, field: str, value: str
    ) -> None:
        answer = client_as(manager).post(DOOR, said(mei, person=gold.owner_id, **{field: value}))
        assert answer.status_code == 422 and not Handover.objects.exists()

    def test_bears_nonsense(self, manager: User, client_as: As) -> None:
        assert client_as(manager).post(DOOR, {"ids": "x,,9999999"}).status_code == 200
        assert client_as(manager).get(DOOR, {"person": "999999"}).status_code == 404

    def test_is_not_seen_from_another_branch(
        self, gold: Customer, mei: User, manager: User, zhou: User, client_as: As
    ) -> None:
        address = client_as(manager).post(DOOR, said(mei, person=gold.owner_id))["Location"]
        assert client_as(zhou).get(address).status_code == 404
        assert "离职交接" not in client_as(zhou).get("/handovers/").content.decode()


class TestTellingTheCustomer:
    def test_by_phone_is_noted_on_the_receipt(
        self, gold: Customer, mei: User, manager: User, client_as: As
    ) -> None:
        client_as(manager).post(DOOR, said(mei, person=gold.owner_id))
        promise = Commitment.objects.get(kind="handover_notice_law")
        client = client_as(mei)
        assert "登记已告知客户" in client.get(f"/promises/{promise.pk}/").content.decode()
        told = {"way": "phone", "note": "本人接听", "token": "one"}
        assert client.post(f"/promises/{promise.pk}/told/", told).status_code == 302
        assert client.post(f"/promises/{promise.pk}/told/", told).status_code == 302
        promise.refresh_from_db()
        assert promise.state == "fulfilled" and promise.evidence.count() == 1
        assert "告知记录" in client.get(f"/promises/{promise.pk}/").content.decode()
