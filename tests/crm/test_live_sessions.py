"""Logins that have ended are refused on the very next request, whatever ended them; so are people on the way."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.models import LoginSession, User
from crm.models.login import Ending
from crm.services import sessions
from tests.factories import crm as make
from tests.factories.login import PASSWORD, by_password, enrol

pytestmark = pytest.mark.django_db
NOW = make.NOW


def inside(client: Client) -> bool:
    return client.get("/customers/").status_code == 200


@pytest.fixture
def lin(lin: User) -> User:
    lin.set_password(PASSWORD)
    lin.save()
    return lin


class TestALogin:
    def test_is_a_row_that_says_where_and_opens_nothing(self, lin: User) -> None:
        client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/126", REMOTE_ADDR="203.0.113.9")
        by_password("lin", client=client)
        row = LoginSession.objects.get()
        assert (row.user, row.device, row.address) == (lin, "Chrome · Windows", "203.0.113.9")
        key = str(client.session.session_key)
        assert key not in repr(LoginSession.objects.values()) and row.key_digest == sessions.digest(key)

    def test_gets_a_new_key(self, lin: User) -> None:
        """Whoever planted a session before gains nothing by it."""
        client = Client()
        planted = client.session
        planted["x"] = 1
        planted.save()
        client.cookies["sessionid"] = str(planted.session_key)
        by_password("lin", client=client)
        assert client.cookies["sessionid"].value != planted.session_key
        thief = Client()
        thief.cookies["sessionid"] = str(planted.session_key)
        assert inside(client) and not inside(thief)

    def test_costs_one_query_a_page(self, lin: User) -> None:
        client = by_password("lin")
        client.get("/account/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/account/")
        mine = [q["sql"] for q in asked.captured_queries if '"key_digest" =' in q["sql"]]
        assert len(mine) == 1 and "django_session" in mine[0] and "crm_branch" in mine[0]
        assert not [q for q in asked.captured_queries if 'FROM "crm_user"' in q["sql"]]

    def test_is_over_with_its_session(self, lin: User) -> None:
        client = by_password("lin")
        assert inside(client)
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        assert not inside(client)

    def test_belongs_to_whom_the_session_names(self, lin: User, zhou: User) -> None:
        client = by_password("lin")
        LoginSession.objects.update(user=zhou, branch=zhou.branch)
        assert not inside(client)

    def test_cannot_be_used_after_logging_out(self, lin: User) -> None:
        client = by_password("lin")
        stolen = Client()
        stolen.cookies["sessionid"] = client.cookies["sessionid"].value
        assert inside(stolen)
        client.post("/logout/")
        assert not inside(stolen) and LoginSession.objects.get().ended_why == Ending.LOGOUT

    def test_ended_elsewhere_is_refused_on_the_next_request(self, lin: User) -> None:
        client = by_password("lin")
        sessions.end_all(user=lin, by=None, reason="测试", now=NOW)
        answer = client.get("/customers/?q=x")
        assert answer["Location"] == "/login/?next=%2Fcustomers%2F%3Fq%3Dx&why=admin"
        assert "管理员结束了这次登录" in client.get(answer["Location"]).text

    def test_of_somebody_switched_off_is_refused_on_the_next_request(self, lin: User) -> None:
        client = by_password("lin")
        User.objects.filter(pk=lin.pk).update(is_active=False)
        assert client.get("/customers/")["Location"].startswith("/login/")

    def test_of_somebody_who_got_another_role_is_refused_on_the_next_request(self, lin: User) -> None:
        client = by_password("lin")
        User.objects.filter(pk=lin.pk).update(role="branch_manager")
        assert not inside(client)
        assert LoginSession.objects.get().ended_why == Ending.MOVED

    def test_of_somebody_moved_to_another_branch_is_refused_on_the_next_request(self, lin: User) -> None:
        client = by_password("lin")
        User.objects.filter(pk=lin.pk).update(branch=make.branch_tree().city)
        assert not inside(client)

    def test_with_another_password_is_refused_on_the_next_request(self, lin: User) -> None:
        client = by_password("lin")
        lin.set_password("quite another pass phrase")
        lin.save()
        assert not inside(client)

    def test_without_its_row_is_no_login(self, lin: User) -> None:
        client = by_password("lin")
        LoginSession.objects.all().delete()
        assert not inside(client)

    def test_ends_after_the_idle_time(self, lin: User) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            client = by_password("lin")
            clock.shift(timedelta(minutes=29, seconds=59))
            assert inside(client)
            clock.shift(timedelta(minutes=30))
            answer = client.get("/customers/")
            assert answer.status_code == 302 and "why=idle" in answer["Location"]
            assert "太久没有操作" in client.get(answer["Location"]).text

    def test_ends_after_the_longest_time_though_in_use(self, lin: User) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            client = by_password("lin")
            for _quarter in range(12 * 4 - 1):
                clock.shift(timedelta(minutes=15))
                assert inside(client)
            clock.shift(timedelta(minutes=15))
            assert not inside(client) and LoginSession.objects.get().ended_why == Ending.OVER

    def test_leads_the_whole_page_to_the_login_when_htmx_asks_for_a_part(self, lin: User) -> None:
        client = by_password("lin")
        sessions.end_all(user=lin, by=None, reason="测试", now=NOW)
        answer = client.get(
            "/customers/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/tickets/?page=2"
        )
        assert answer.status_code == 204
        assert answer["HX-Redirect"] == "/login/?next=%2Ftickets%2F%3Fpage%3D2&why=admin"

    def test_long_over_is_forgotten(self, lin: User) -> None:
        client = by_password("lin")
        row = LoginSession.objects.get()
        assert sessions.forget(now=row.ends_at + sessions.KEPT) == 0 and not Session.objects.exists()
        later = row.ends_at + sessions.KEPT + timedelta(seconds=1)
        assert [sessions.forget(now=later) for _time in range(2)] == [1, 0]
        assert not inside(client)


class TestWhoeverNeedsASecondFactor:
    PAGES = (
        "/",
        "/customers/",
        "/import/",
        "/account/",
        "/account/password/",
        "/account/recovery-codes/",
        "/home/",
    )

    @pytest.fixture
    def tang(self, head_office: User, settings: Any) -> User:
        settings.SECOND_FACTOR_REQUIRED = True
        head_office.set_password(PASSWORD)
        head_office.save()
        return head_office

    def test_can_do_nothing_else_until_it_is_registered(self, tang: User) -> None:
        client = by_password("tang")
        for page in self.PAGES:
            for answer in (client.get(page), client.post(page)):
                assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/"), page
        assert client.get("/account/second-factor/").status_code == 200

    def test_is_led_there_by_htmx_too(self, tang: User) -> None:
        answer = by_password("tang").get("/customers/", HTTP_HX_REQUEST="true")
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/second-factor/")

    def test_may_still_log_out(self, tang: User) -> None:
        assert by_password("tang").post("/logout/")["Location"] == "/login/"

    def test_is_not_held_up_by_a_factor_registered_elsewhere(self, tang: User) -> None:
        """A login that only gave the password ends when another one registers."""
        first = by_password("tang")
        enrol(tang, NOW)
        assert first.get("/customers/")["Location"].startswith("/login/")
