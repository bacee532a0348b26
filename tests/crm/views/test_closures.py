"""The pages on which two administrators close a branch."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from crm.models import BranchClosure, Customer, User
from crm.selectors import calendars
from tests.factories import crm as make
from tests.factories.servicing import at, promise

As = Callable[[User], Client]
ADDRESS = "/calendars/closures/"


@pytest.fixture
def second(db: None) -> User:
    return make.person("pei", role="head_office", branch=make.branch_tree().head_office, name="裴岚")


def wish(customer: Customer, **more: object) -> dict[str, object]:
    return {
        "branch": customer.branch_id,
        "lifted": "closed",
        "first_day": "2027-08-02",
        "last_day": "2027-08-03",
        "name": "台风停业",
        "reason": "台风红色预警",
        **more,
    }


def sent(client: Client, address: str, told: dict[str, object]) -> tuple[int, str]:
    answer = client.post(address, told, follow=True)
    return answer.status_code, answer.content.decode()


class TestFillingIn:
    def test_shows_the_days_and_who_would_move_and_keeps_nothing(
        self, head_office: User, silver: Customer, client_as: As
    ) -> None:
        promise(silver, triggered_at=at("2027-07-30 10:00"))
        status, page = sent(client_as(head_office), ADDRESS, wish(silver, recount="on"))
        assert status == 200
        assert "2027-08-02 周一" in page and "2027-08-03 周二" in page
        assert "2027-08-03 23:59" in page and "2027-08-05 23:59" in page
        assert "提交复核" in page
        assert not BranchClosure.objects.exists()

    def test_with_wrong_days_says_so_and_keeps_what_was_typed(
        self, head_office: User, silver: Customer, client_as: As
    ) -> None:
        status, page = sent(client_as(head_office), ADDRESS, wish(silver, last_day="2027-08-01"))
        assert status == 422
        assert "末日不能早于首日" in page and 'value="2027-08-01"' in page and "台风红色预警" in page

    def test_without_days_names_the_fields(self, head_office: User, silver: Customer, client_as: As) -> None:
        status, page = sent(client_as(head_office), ADDRESS, wish(silver, first_day="", name=""))
        assert status == 422
        assert "请填写首日。" in page and "请填写名称。" in page


class TestTwoPeople:
    def test_close_a_branch_and_read_it_on_the_years_page(
        self, head_office: User, second: User, silver: Customer, client_as: As
    ) -> None:
        status, page = sent(client_as(head_office), ADDRESS, wish(silver, act="submit"))
        assert status == 200 and "请另一位总公司管理员核对并确认" in page and "撤回" in page
        draft = BranchClosure.objects.get()

        status, page = sent(client_as(second), f"{ADDRESS}{draft.pk}/confirm/", {})
        assert "已生效，没有承诺改期。" in page
        assert not calendars.everywhere().of(silver.branch).is_working_day(date(2027, 8, 2))
        year = client_as(second).get("/calendars/2027/").content.decode()
        assert "台风停业" in year and silver.branch.name in year

    def test_are_two(self, head_office: User, silver: Customer, client_as: As) -> None:
        client = client_as(head_office)
        sent(client, ADDRESS, wish(silver, act="submit"))
        status, page = sent(client, f"{ADDRESS}{BranchClosure.objects.get().pk}/confirm/", {})
        assert status == 422 and "提交人不能自己确认" in page

    def test_send_back_with_a_reason(
        self, head_office: User, second: User, silver: Customer, client_as: As
    ) -> None:
        sent(client_as(head_office), ADDRESS, wish(silver, act="submit"))
        address = f"{ADDRESS}{BranchClosure.objects.get().pk}/return/"
        assert sent(client_as(second), address, {"reason": " "})[0] == 422
        assert "已退回" in sent(client_as(second), address, {"reason": "未报批"})[1]

    def test_know_no_other_act(
        self, second: User, silver: Customer, head_office: User, client_as: As
    ) -> None:
        sent(client_as(head_office), ADDRESS, wish(silver, act="submit"))
        address = f"{ADDRESS}{BranchClosure.objects.get().pk}/burn/"
        assert client_as(second).post(address).status_code == 404
