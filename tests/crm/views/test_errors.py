"""What people see when the house itself is in trouble."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from crm.models import Customer, User
from crm.views import errors


def broken(name: str, kind: type[Exception] = OperationalError) -> Callable[..., Any]:
    """This function will make every query fail as the database's own driver would."""

    def fail(*_query: Any) -> Any:
        cause = sqlite3.OperationalError("away")
        cause.sqlite_errorname = name
        raise kind("server closed the connection unexpectedly") from cause

    return fail


@pytest.fixture
def client(lin: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(lin)
    return client


class TestADatabaseThatIsAway:
    def test_asks_to_try_again_in_a_sentence(self, client: Client) -> None:
        with connection.execute_wrapper(broken("SQLITE_BUSY")):
            page = client.get("/customers/", {"q": "金海"})
        assert (page.status_code, page["Retry-After"], page["Cache-Control"]) == (503, "10", "no-store")
        assert "请过十几秒再试" in page.text and "Traceback" not in page.text
        assert 'href="/customers/?q=%E9%87%91%E6%B5%B7"' in page.text

    def test_says_after_an_act_that_it_may_be_sent_again(self, client: Client, ordinary: Customer) -> None:
        with connection.execute_wrapper(broken("SQLITE_IOERR")):
            page = client.post(reverse("crm:touchpoint-new", args=[ordinary.pk]), {"token": "t"})
        assert page.status_code == 503
        assert "已经办成的不会重复" in page.text and "再试一次" not in page.text

    @pytest.mark.only_on("sqlite")
    def test_whose_disk_is_full_says_so(self, client: Client, ordinary: Customer) -> None:
        """A real full database: not one page more may be written."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        try:
            form = {
                "kind": "call",
                "direction": "out",
                "happened_at": "2026-03-10T09:00",
                "summary": "长" * 2000,
            }
            for number in range(50):
                address = reverse("crm:touchpoint-new", args=[ordinary.pk])
                page = client.post(address, {**form, "token": f"t{number}"})
                if page.status_code != 302:
                    break
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA max_page_count = 1073741823")
        assert page.status_code == 503 and "磁盘空间不足" in page.text

    def test_is_a_flash_for_htmx(self, client: Client) -> None:
        with connection.execute_wrapper(broken("SQLITE_BUSY")):
            part = client.get("/customers/", headers={"HX-Request": "true"})
        assert (part.status_code, part["HX-Retarget"]) == (503, "#flashes")
        assert "数据库暂时连不上" in part.text and "<html" not in part.text

    def test_is_a_problem_for_machines(self, client: Client) -> None:
        with connection.execute_wrapper(broken("SQLITE_BUSY")):
            answer = client.get("/api/v1/customers/", headers={"Authorization": "Bearer jn_x_y"})
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert json.loads(answer.text)["status"] == 503

    def test_whose_connection_is_closed_is_away_too(self, client: Client) -> None:
        with connection.execute_wrapper(broken("SQLITE_BUSY", InterfaceError)):
            assert client.get("/customers/").status_code == 503


class TestABug:
    def test_stays_an_error_of_ours(self, client: Client) -> None:
        def fail(*_query: Any) -> Any:
            raise RuntimeError("bug")

        with connection.execute_wrapper(fail):
            page = client.get("/customers/")
        assert page.status_code == 500 and "系统出了错" in page.text

    @pytest.mark.only_on("sqlite")
    def test_in_a_query_is_no_absence(self) -> None:
        error = OperationalError("no such column: x")
        error.__cause__ = sqlite3.OperationalError("no such column: x")
        assert not errors.is_away(error)
        assert not errors.is_away(ValueError("bug"))
