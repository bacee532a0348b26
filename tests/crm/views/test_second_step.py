"""The second step of the login, registration with its codes, and that the wrong ones get nowhere."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from crm.models import LogEntry, LoginSession, User
from crm.services import second_factors, tries
from tests.factories import crm as make
from tests.factories.login import PASSWORD, by_password, code_at, enrol

pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def lin(lin: User) -> User:
    lin.set_password(PASSWORD)
    lin.save()
    enrol(lin, NOW)
    return lin


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


def inside(client: Client) -> bool:
    return client.get("/customers/").status_code == 200


class TestTheRightPassword:
    def test_alone_lets_nobody_in(self, lin: User) -> None:
        client = Client()
        answer = client.post("/login/?next=/customers/", {"username": "lin", "password": PASSWORD})
        assert answer["Location"] == "/login/second/" and not inside(client)
        assert not LoginSession.objects.exists()
        assert not LogEntry.objects.filter(action="crm.login.succeeded").exists()

    def test_and_the_code_lead_to_the_page_asked_for(self, lin: User) -> None:
        client = Client()
        client.post("/login/?next=/customers/", {"username": "lin", "password": PASSWORD})
        half_way = client.cookies["sessionid"].value
        answer = client.post("/login/second/", {"code": code_at(lin, LATER)})
        assert answer["Location"] == "/customers/" and inside(client)
        assert client.cookies["sessionid"].value != half_way
        assert LoginSession.objects.get().second
        assert LogEntry.objects.filter(action="crm.login.succeeded", by=lin).count() == 1

    def test_and_a_recovery_code_let_in_once(self, lin: User) -> None:
        second_factors.reset(user=lin, by=None, reason="测试", now=NOW)
        codes = enrol(lin, NOW)
        for expected in (302, 422):
            client = by_password("lin")
            assert client.post("/login/second/?recovery=1", {"code": codes[0]}).status_code == expected

    def test_and_a_wrong_code_say_what_to_do(self, lin: User) -> None:
        client = by_password("lin")
        answer = client.post("/login/second/", {"code": "000000"})
        assert answer.status_code == 422 and "等下一个验证码" in answer.text and not inside(client)

    def test_and_five_wrong_codes_rest_for_a_while(self, lin: User) -> None:
        client = by_password("lin")
        for _time in range(tries.IN_A_ROW):
            client.post("/login/second/", {"code": "000000"})
        answer = by_password("lin").post("/login/second/", {"code": code_at(lin, LATER)})
        assert answer.status_code == 429 and "15 分钟后再试" in answer.text

    def test_waits_ten_minutes_for_the_code(self, lin: User, _clock: Any) -> None:
        client = by_password("lin")
        _clock.shift(timedelta(minutes=10))
        assert client.get("/login/second/").status_code == 200
        _clock.shift(timedelta(seconds=1))
        code = code_at(lin, LATER + timedelta(minutes=10, seconds=1))
        assert client.post("/login/second/", {"code": code})["Location"] == "/login/"

    def test_that_has_changed_meanwhile_is_asked_again(self, lin: User) -> None:
        client = by_password("lin")
        lin.set_password("quite another pass phrase")
        lin.save()
        assert client.post("/login/second/", {"code": code_at(lin, LATER)})["Location"] == "/login/"

    def test_of_somebody_switched_off_meanwhile_is_no_use(self, lin: User) -> None:
        client = by_password("lin")
        User.objects.filter(pk=lin.pk).update(is_active=False)
        assert client.post("/login/second/", {"code": code_at(lin, LATER)})["Location"] == "/login/"

    def test_never_leads_elsewhere(self, lin: User) -> None:
        client = Client()
        client.post("/login/", {"username": "lin", "password": PASSWORD, "next": "https://evil.example/"})
        assert client.post("/login/second/", {"code": code_at(lin, LATER)})["Location"] == "/home/"


class TestTheSecondStep:
    def test_without_the_first_leads_back(self) -> None:
        assert Client().post("/login/second/", {"code": "123456"})["Location"] == "/login/"

    def test_can_be_pasted_and_filled_in_by_the_phone(self, lin: User) -> None:
        page = by_password("lin").get("/login/second/")
        assert 'autocomplete="one-time-code"' in page.text and "onpaste" not in page.text
        assert "no-store" in page["Cache-Control"]


class TestRegistering:
    def test_shows_the_key_then_ten_codes_once(self, manager: User, client_as: Any) -> None:
        client = client_as(manager)
        client.post("/account/second-factor/start/")
        page = client.get("/account/second-factor/").text
        pending = second_factors.pending(manager)
        assert pending is not None
        assert second_factors.key_of(pending) in page and "data:image/svg+xml" in page
        before = client.cookies["sessionid"].value
        done = client.post("/account/second-factor/confirm/", {"code": code_at(manager, LATER)})
        assert done.status_code == 200 and done.text.count("<li><code>") == second_factors.CODES
        assert "no-store" in done["Cache-Control"]
        assert client.cookies["sessionid"].value != before and inside(client)
        assert LoginSession.objects.get(ended_at=None).second
        again = client.post("/account/second-factor/confirm/", {"code": code_at(manager, LATER)})
        assert again.status_code == 422 and "<li><code>" not in again.text
        assert "data:image" not in client.get("/account/second-factor/").text

    def test_with_a_wrong_code_keeps_the_key_on_the_page(self, manager: User, client_as: Any) -> None:
        client = client_as(manager)
        client.post("/account/second-factor/start/")
        page = client.post("/account/second-factor/confirm/", {"code": "000000"})
        assert page.status_code == 422 and "验证码不对" in page.text and "data:image/svg+xml" in page.text

    def test_unlocks_the_house_for_who_needs_it(
        self, head_office: User, settings: Any, client_as: Any
    ) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        client = client_as(head_office)
        assert not inside(client)
        client.post("/account/second-factor/start/")
        client.post("/account/second-factor/confirm/", {"code": code_at(head_office, LATER)})
        assert inside(client)

    def test_new_codes_need_a_code_of_the_app(self, lin: User, client_as: Any) -> None:
        client = client_as(lin)
        assert client.post("/account/recovery-codes/", {"code": "000000"}).status_code == 422
        done = client.post("/account/recovery-codes/", {"code": code_at(lin, LATER)})
        assert done.text.count("<li><code>") == second_factors.CODES


class TestAWrongPassword:
    """Whether the number exists, is switched off, or never had a password: the same answer for the same work."""

    @pytest.mark.parametrize("who", ["lin", "nobody", "off", "fresh"])
    def test_costs_one_hash_and_says_the_same(self, who: str, lin: User, monkeypatch: Any) -> None:
        make.person("off", password=PASSWORD)
        User.objects.filter(username="off").update(is_active=False)
        make.person("fresh")
        worked: list[str] = []
        encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
        monkeypatch.setattr(
            Argon2PasswordHasher, "encode", lambda *a, **k: worked.append("encode") or encode(*a, **k)
        )
        monkeypatch.setattr(
            Argon2PasswordHasher, "verify", lambda *a, **k: worked.append("verify") or verify(*a, **k)
        )
        page = Client().post("/login/", {"username": who, "password": "wrong pass phrase"})
        assert page.status_code == 200 and "工号或密码不对" in page.text
        assert len(worked) == 1, worked
