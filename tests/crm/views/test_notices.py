"""The bell and the list of one's notices."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now as read_clock

from crm.models import LoginSession, Message, User
from crm.services import messages
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def moment() -> datetime:
    """A while ago, so that what is told has come."""
    return read_clock() - timedelta(minutes=5)


def tell(user: User, body: str, now: datetime, link: str = "/tickets/") -> Message:
    """This function will tell somebody something."""
    return messages.notify(users=[user], kind="ticket", body=body, link=link, now=now, nudge=False)[0]


class TestTheBell:
    def test_counts_what_is_unread_on_every_page(
        self, client_as: LogIn, lin: User, agent: User, moment: datetime
    ) -> None:
        tell(lin, "一", moment)
        tell(lin, "二", moment)
        for path in ("/customers/", "/tickets/", "/calendars/2026/"):
            assert 'data-unread="2"' in client_as(lin).get(path).text, path
        assert 'data-unread="0"' in client_as(agent).get("/customers/").text

    def test_costs_one_query_and_none_in_a_fragment(
        self, client_as: LogIn, lin: User, moment: datetime
    ) -> None:
        client = client_as(lin)
        client.get("/tickets/")
        with CaptureQueriesContext(connection) as whole:
            client.get("/tickets/")
        with CaptureQueriesContext(connection) as part:
            client.get("/tickets/", headers={"HX-Request": "true"})
        asked = [[q for q in some if "read_at" in q["sql"]] for some in (whole, part)]
        assert [len(one) for one in asked] == [1, 0]

    def test_answers_only_what_is_new(self, client_as: LogIn, lin: User, moment: datetime) -> None:
        client = client_as(lin)
        assert client.get("/notices/count/?seen=0").status_code == 204
        tell(lin, "一", moment)
        answer = client.get("/notices/count/?seen=0")
        assert answer.status_code == 200 and 'data-unread="1"' in answer.text and "一" not in answer.text
        assert client.get("/notices/count/?seen=1").status_code == 204
        assert client.get("/notices/count/?seen=x").status_code == 200

    def test_keeps_no_login_alive_and_ends_no_page(
        self, client_as: LogIn, lin: User, moment: datetime
    ) -> None:
        client = client_as(lin)
        client.get("/tickets/")
        login = LoginSession.objects.filter(user=lin)
        quiet = read_clock() - timedelta(minutes=20)
        login.update(last_seen_at=quiet)
        client.get("/notices/count/?seen=0")
        assert login.get().last_seen_at == quiet
        login.update(last_seen_at=read_clock() - timedelta(hours=20))
        answer = client.get("/notices/count/?seen=0", headers={"HX-Request": "true"})
        assert answer.status_code == 204 and not answer.has_header("HX-Redirect")


class TestTheList:
    def test_shows_unread_ones_and_all_of_them(self, client_as: LogIn, lin: User, moment: datetime) -> None:
        read = tell(lin, "看过的", moment)
        tell(lin, "没看过的", moment)
        client = client_as(lin)
        client.post(f"/notices/{read.pk}/")
        fresh, everything = client.get("/notices/").text, client.get("/notices/?show=all").text
        assert "没看过的" in fresh and "看过的</button>" not in fresh.replace("没看过的", "")
        assert "没看过的" in everything and "看过的" in everything.replace("没看过的", "")

    def test_says_why_it_is_empty(self, client_as: LogIn, lin: User) -> None:
        client = client_as(lin)
        assert "没有未读的通知" in client.get("/notices/").text
        assert "还没有通知" in client.get("/notices/?show=all").text

    def test_marks_all_as_read_for_oneself_only(
        self, client_as: LogIn, lin: User, agent: User, moment: datetime
    ) -> None:
        tell(lin, "一", moment)
        other = tell(agent, "二", moment)
        client_as(lin).post("/notices/read/")
        other.refresh_from_db()
        assert other.read_at is None
        assert 'data-unread="0"' in client_as(lin).get("/notices/").text

    @pytest.mark.parametrize("link", ["", "https://example.com/", "//example.com/"])
    def test_leads_nowhere_else(self, client_as: LogIn, lin: User, moment: datetime, link: str) -> None:
        notice = tell(lin, "一", moment, link)
        assert client_as(lin).post(f"/notices/{notice.pk}/")["Location"] == "/notices/"


class TestTheSwitchOfKeys:
    def test_is_kept_with_the_person(self, client_as: LogIn, lin: User) -> None:
        client = client_as(lin)
        assert 'data-on="yes"' in client.get("/customers/").text
        answer = client.post("/account/keys/", {"on": "0", "next": "/tickets/?kind=change"})
        assert answer["Location"] == "/tickets/?kind=change"
        assert 'data-on="no"' in client_as(User.objects.get(pk=lin.pk)).get("/customers/").text
        client.post("/account/keys/", {"on": "1"})
        assert 'data-on="yes"' in client.get("/customers/").text

    def test_leads_back_to_a_page_of_ours_only(self, client_as: LogIn, lin: User) -> None:
        answer = client_as(lin).post("/account/keys/", {"on": "0", "next": "https://example.com/"})
        assert answer["Location"] == "/home/"

    def test_lists_only_pages_that_the_person_may_open(self, client_as: LogIn, lin: User) -> None:
        page = client_as(lin).get("/customers/").text
        assert 'data-keys="g k" data-url="/customers/"' in page and 'data-keys="c"' in page
        auditor = client_as(make.person("shen", role="auditor")).get("/customers/").text
        assert 'data-keys="c"' not in auditor and 'data-keys="g h"' in auditor
