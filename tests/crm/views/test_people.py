"""机构与人员, through the doors."""

from collections.abc import Callable

import pytest
from django.test import Client

from crm.models import Branch, Customer, User
from crm.services import staff
from tests.factories import crm as make

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db
NEW = {
    "username": "t0099",
    "name": "新人",
    "role": "account_manager",
    "password": "a-good-long-word-26",
    "again": "a-good-long-word-26",
}


class TestTheList:
    def test_shows_what_each_person_keeps(self, gold: Customer, manager: User, client_as: As) -> None:
        page = client_as(manager).get("/people/", {"q": "lin"}).content.decode()
        assert "林晓" in page and "何静" in page and 'class="jn-amount">1</td>' in page

    def test_hides_other_branches(self, lin: User, zhou: User, manager: User, client_as: As) -> None:
        page = client_as(manager).get("/people/").content.decode()
        assert "林晓" in page and "周平" not in page

    def test_can_be_narrowed_to_who_is_off(self, lin: User, manager: User, client_as: As) -> None:
        staff.change_person(person=lin, seen=staff.stamp(lin), by=manager, now=make.NOW, supervisor=None)
        staff.switch_off(person=lin, reason="离职", by=manager, now=make.NOW)
        page = client_as(manager).get("/people/", {"state": "off"}).content.decode()
        assert "林晓" in page and "何静" not in page

    def test_bears_nonsense(self, manager: User, client_as: As) -> None:
        asked = {"branch": "x", "role": "x", "state": "x", "page": "x"}
        assert client_as(manager).get("/people/", asked).status_code == 200


class TestANewPerson:
    def post(self, client: Client, **fields: object) -> int:
        branch = make.branch_tree().office.pk
        return client.post("/people/new/", {**NEW, "branch": branch, **fields}).status_code

    def test_can_log_in(self, manager: User, client_as: As) -> None:
        assert self.post(client_as(manager), token="one") == 302
        assert Client().login(username="t0099", password=NEW["password"])

    def test_is_added_once_by_a_double_submit(self, manager: User, client_as: As) -> None:
        client = client_as(manager)
        assert self.post(client, token="one") == self.post(client, token="one") == 302
        assert User.objects.filter(username="t0099").count() == 1

    @pytest.mark.parametrize(
        ("field", "value", "told"),
        [
            ("again", "something-else-26", "不一致"),
            ("password", "short", "两次"),
            ("username", "guo", "已被使用"),
            ("role", "head_office", "总公司"),
            ("branch", 0, ""),
        ],
    )
    def test_is_refused_in_a_sentence(
        self, manager: User, client_as: As, field: str, value: object, told: str
    ) -> None:
        branch = make.branch_tree().office.pk
        answer = client_as(manager).post("/people/new/", {**NEW, "branch": branch, field: value})
        assert answer.status_code == 422 and told in answer.content.decode()
        assert not User.objects.filter(name="新人").exists()


class TestAPerson:
    def test_who_keeps_customers_is_not_switched_off(
        self, gold: Customer, manager: User, client_as: As
    ) -> None:
        answer = client_as(manager).post(f"/people/{gold.owner_id}/off/", {"reason": "离职"})
        assert answer.status_code == 422 and "请先交接" in answer.content.decode()

    def test_who_holds_nothing_is(self, lin: User, manager: User, client_as: As) -> None:
        client = client_as(manager)
        assert client.post(f"/people/{lin.pk}/off/", {"reason": ""}).status_code == 422
        assert client.post(f"/people/{lin.pk}/off/", {"reason": "离职"}).status_code == 302
        lin.refresh_from_db()
        assert not lin.is_active
        assert client.post(f"/people/{lin.pk}/on/").status_code == 302

    def test_gets_another_post(self, lin: User, manager: User, client_as: As) -> None:
        fields = {"name": "林晓", "branch": lin.branch_id, "role": "service_agent", "supervisor": manager.pk}
        client = client_as(manager)
        stale = client.post(f"/people/{lin.pk}/", {**fields, "seen": "old"})
        assert stale.status_code == 422 and "刷新" in stale.content.decode()
        assert client.post(f"/people/{lin.pk}/", {**fields, "seen": staff.stamp(lin)}).status_code == 302
        lin.refresh_from_db()
        assert (lin.role, lin.supervisor_id) == ("service_agent", manager.pk)

    def test_gets_a_new_password(self, lin: User, manager: User, client_as: As) -> None:
        word = {"password": "quite-another-word-26", "again": "quite-another-word-26"}
        assert client_as(manager).post(f"/people/{lin.pk}/password/", word).status_code == 302
        assert Client().login(username="lin", password="quite-another-word-26")


class TestBranches:
    def test_are_opened_under_ones_own(self, manager: User, client_as: As) -> None:
        client, city = client_as(manager), make.branch_tree().city.pk
        said = {"name": "新营业部", "code": "120199", "kind": "office", "grade": "B"}
        assert client.post("/branches/new/", {**said, "parent": city}).status_code == 422
        tang = client_as(make.person("tang", role="head_office", branch=make.branch_tree().head_office))
        assert tang.post("/branches/new/", {**said, "parent": city, "token": "t"}).status_code == 302
        assert tang.post("/branches/new/", {**said, "parent": city, "token": "t"}).status_code == 302
        assert Branch.objects.get(code="120199").path.startswith(make.branch_tree().city.path)
        assert "新营业部" in tang.get("/branches/").content.decode()

    def test_refuse_a_place_that_cannot_be(self, manager: User, client_as: As) -> None:
        said = {"name": "新分公司", "code": "1299", "kind": "province", "grade": "B"}
        answer = client_as(manager).post("/branches/new/", {**said, "parent": manager.branch_id})
        assert answer.status_code == 422 and "层级必须低于" in answer.content.decode()

    def test_get_another_name(self, manager: User, client_as: As) -> None:
        address = f"/branches/{manager.branch_id}/"
        assert client_as(manager).post(address, {"name": "塘沽部", "grade": "A"}).status_code == 302
        assert "塘沽部" in client_as(manager).get("/branches/").content.decode()
