"""One's own account: password, devices; and what an administrator may do about somebody else's."""

from typing import Any

import pytest
from django.test import Client

from crm.models import LogEntry, LoginSession, User
from crm.models.login import Ending
from crm.services import second_factors, tries
from tests.factories import crm as make
from tests.factories.login import PASSWORD, by_password, enrol

pytestmark = pytest.mark.django_db
NEW = "seven green umbrellas dance"


@pytest.fixture
def lin(lin: User) -> User:
    lin.set_password(PASSWORD)
    lin.save()
    return lin


def inside(client: Client) -> bool:
    return client.get("/customers/").status_code == 200


def change(client: Client, old: str = PASSWORD, new: str = NEW, again: str = "") -> Any:
    form = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post("/account/password/", form)


class TestMyAccount:
    def test_says_who_i_am_and_where_i_am_logged_in(self, lin: User) -> None:
        client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/126")
        page = by_password("lin", client=client).get("/account/").text
        for told in ("林晓", "lin", "客户经理", "塘沽营业部", "Chrome · Windows", "当前"):
            assert told in page


class TestANewPassword:
    def test_ends_every_other_login(self, lin: User) -> None:
        here, there = by_password("lin"), by_password("lin")
        assert change(here)["Location"] == "/account/"
        assert inside(here) and not inside(there)
        assert LoginSession.objects.filter(ended_why=Ending.PASSWORD).count() == 1
        assert not inside(by_password("lin")) and inside(by_password("lin", NEW))
        assert LogEntry.objects.filter(action="crm.password.changed", by=lin).count() == 1

    def test_gives_the_session_a_new_key(self, lin: User) -> None:
        client = by_password("lin")
        before = client.cookies["sessionid"].value
        change(client)
        assert client.cookies["sessionid"].value != before

    def test_needs_the_old_one(self, lin: User) -> None:
        client = by_password("lin")
        answer = change(client, old="wrong")
        assert answer.status_code == 422 and "当前密码不对" in answer.text
        lin.refresh_from_db()
        assert lin.check_password(PASSWORD)

    def test_is_not_the_way_to_guess_the_old_one(self, lin: User) -> None:
        client = by_password("lin")
        for _time in range(tries.IN_A_ROW):
            change(client, old="wrong")
        answer = change(client)
        assert answer.status_code == 422 and "15 分钟后再试" in answer.text

    @pytest.mark.parametrize(
        ("new", "said"),
        [
            ("a" * 11, "至少"),
            ("password1234", "常见"),
            ("塘沽营业部塘沽营业部12", "机构名"),
            ("jiannuo-lin-2026", "产品名"),
            ("x" * 129, "最多 128"),
        ],
    )
    def test_that_others_guess_is_refused_in_a_sentence(self, lin: User, new: str, said: str) -> None:
        answer = change(by_password("lin"), new=new)
        assert answer.status_code == 422 and said in answer.text

    @pytest.mark.parametrize("new", ["x7" * 64, "今天下午三点去海边看日出", "    spaces are fine    "])
    def test_may_be_long_and_of_any_letters(self, lin: User, new: str) -> None:
        assert change(by_password("lin"), new=new).status_code == 302
        lin.refresh_from_db()
        assert lin.check_password(new)

    def test_typed_differently_twice_is_refused(self, lin: User) -> None:
        answer = change(by_password("lin"), again=NEW + "x")
        assert answer.status_code == 422 and "不一样" in answer.text


class TestTheDevices:
    def test_can_be_ended_one_by_one(self, lin: User) -> None:
        here, there = by_password("lin"), by_password("lin")
        row = LoginSession.objects.order_by("pk").last()
        assert row is not None
        for _twice in range(2):
            assert here.post(f"/account/logins/{row.pk}/end/").status_code == 302
        assert inside(here) and not inside(there)
        assert LogEntry.objects.filter(action="crm.session.ended").count() == 1

    def test_can_be_ended_all_but_this(self, lin: User) -> None:
        here, *others = [by_password("lin") for _n in range(3)]
        here.post("/account/logins/end-others/")
        assert inside(here) and not any(inside(one) for one in others)
        assert "没有别的登录" in here.post("/account/logins/end-others/", follow=True).text

    def test_of_somebody_else_cannot_be_ended(self, lin: User) -> None:
        mine = by_password("lin")
        make.person("other", password=PASSWORD)
        row = LoginSession.objects.get(user=lin)
        assert by_password("other").post(f"/account/logins/{row.pk}/end/").status_code == 404
        assert inside(mine)

    def test_that_are_over_are_not_listed(self, lin: User) -> None:
        here = by_password("lin")
        by_password("lin").post("/logout/")
        assert "结束其他登录" not in here.get("/account/").text


class TestAnAdministrator:
    def test_ends_all_logins_of_a_person_for_a_reason(
        self, lin: User, head_office: User, client_as: Any
    ) -> None:
        client = by_password("lin")
        admin = client_as(head_office)
        assert admin.post(f"/people/{lin.pk}/account/end/", {"reason": " "}).status_code == 422
        assert inside(client)
        assert admin.post(f"/people/{lin.pk}/account/end/", {"reason": "电脑遗失"}).status_code == 302
        assert not inside(client)
        line = LogEntry.objects.get(action="crm.session.ended")
        assert (line.by, line.reason, line.after) == (head_office, "电脑遗失", {"ended": 1})

    def test_resets_a_second_factor_but_not_the_own(
        self, lin: User, head_office: User, client_as: Any
    ) -> None:
        for person in (lin, head_office):
            enrol(person, make.NOW)
        admin = client_as(head_office)
        form = {"reason": "手机遗失，已当面核对身份"}
        assert admin.post(f"/people/{lin.pk}/account/reset/", form).status_code == 302
        answer = admin.post(f"/people/{head_office.pk}/account/reset/", form)
        assert answer.status_code == 422 and "另一位总公司管理员" in answer.text
        assert (second_factors.enrolled(lin), second_factors.enrolled(head_office)) == (False, True)
