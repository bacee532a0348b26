"""Logging in, and that nothing can be reached without."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from crm.models import LogEntry
from crm.services import tries
from tests.factories import crm as make
from tests.house.addresses import ADDRESSES
from tests.house.api_operations import NAMES as OPERATIONS

pytestmark = pytest.mark.django_db
# machines prove themselves in other ways, and are refused with a status of their own
OPEN = {
    name.rpartition(":")[2]
    for name in {*OPERATIONS, *(name for name, one in ADDRESSES.items() if one.public or one.machine)}
}
SAMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str]]:
    """This function will list every address of the house with its name, sample values filled in."""
    for entry in resolver.url_patterns:
        text = str(entry.pattern)
        for name, converter in entry.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            text = text.replace(f"<{kind}:{name}>", SAMPLES[kind]).replace(f"<{name}>", SAMPLES[kind])
        if isinstance(entry, URLPattern):
            yield before + text, entry.name or ""
        else:
            yield from addresses(entry, before + text)


class TestWithoutLoggingIn:
    """Nobody is let in."""

    def test_every_address_leads_to_the_login(self) -> None:
        """By GET and by POST; only the login and the health check are open."""
        listed = [(address, name) for address, name in addresses(get_resolver()) if name not in OPEN]
        assert len(listed) > 8
        for address, _name in listed:
            for answer in (Client().get(address), Client().post(address)):
                assert answer.status_code == 302, address
                assert answer["Location"].startswith(
                    "/login/?next=" if address != "/logout/" else "/login/"
                ), address


class TestTheLogin:
    """With a staff number."""

    def test_leads_back_to_the_page_asked_for(self) -> None:
        """Where it is ours."""
        make.person("lin", password="a long password")
        answer = Client().post("/login/?next=/customers/", {"username": "lin", "password": "a long password"})
        assert answer["Location"] == "/customers/"

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_never_leads_elsewhere(self, elsewhere: str) -> None:
        """An address of another house is dropped."""
        make.person("lin", password="a long password")
        form = {"username": "lin", "password": "a long password", "next": elsewhere}
        assert Client().post("/login/", form)["Location"] == "/home/"

    def test_says_when_it_is_wrong(self) -> None:
        """Without saying which of the two."""
        page = Client().post("/login/", {"username": "nobody", "password": "x"})
        assert page.status_code == 200 and "jn-form-error" in page.text

    def test_closes_for_a_while_after_five_wrong_tries(self) -> None:
        """For this number from this address only; then even the right password waits."""
        for name in ("lin", "he"):
            make.person(name, password="a long password")
        right = {"username": "lin", "password": "a long password"}
        with time_machine.travel(make.NOW, tick=False) as clock:
            for _time in range(tries.IN_A_ROW):
                assert Client().post("/login/", {**right, "password": "wrong"}).status_code == 200
            page = Client().post("/login/", right)
            assert page.status_code == 429 and "15 分钟后再试" in page.text
            assert Client(REMOTE_ADDR="10.0.0.9").post("/login/", right).status_code == 302
            assert Client().post("/login/", {**right, "username": "he"}).status_code == 302
            clock.shift(tries.REST - timedelta(seconds=1))
            assert Client().post("/login/", right).status_code == 429
            clock.shift(timedelta(seconds=1))
            assert Client().post("/login/", right).status_code == 302

    def test_starts_the_count_anew_after_a_success(self) -> None:
        """Four slips and a success are no attack."""
        make.person("lin", password="a long password")
        for _round in range(2):
            for _time in range(tries.IN_A_ROW - 1):
                Client().post("/login/", {"username": "lin", "password": "wrong"})
            assert (
                Client().post("/login/", {"username": "lin", "password": "a long password"}).status_code
                == 302
            )

    def test_closes_alike_for_numbers_that_do_not_exist(self) -> None:
        """And keeps nothing of what was typed into the wrong box."""
        for _time in range(tries.IN_A_ROW):
            Client().post("/login/", {"username": "my secret password", "password": "x"})
        assert (
            Client().post("/login/", {"username": "my secret password", "password": "x"}).status_code == 429
        )
        rows = LogEntry.objects.filter(action="crm.login.failed")
        assert rows.count() == tries.IN_A_ROW
        assert not [row for row in rows if "secret" in f"{row.subject}{row.after}"]

    def test_is_closed_to_people_switched_off(self) -> None:
        """Nobody is deleted, only switched off."""
        lin = make.person("lin", password="a long password")
        lin.is_active = False
        lin.save()
        assert (
            "jn-form-error"
            in Client().post("/login/", {"username": "lin", "password": "a long password"}).text
        )

    def test_once_done_skips_the_form(self) -> None:
        """A person who is logged in goes home."""
        client = Client()
        client.force_login(make.person("lin"))
        assert client.get("/login/")["Location"] == "/home/"
        assert client.get("/home/")["Location"] == "/"
