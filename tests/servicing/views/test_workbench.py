"""The workbench, through the door."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from crm.models import Customer, Message, User
from crm.services import messages
from servicing.services import commitments, tickets
from tests.factories.servicing import promise, ticket, windowed

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
DAY = timedelta(days=1)


class TestTheWorkbench:
    """Of an account manager."""

    def test_asks_strangers_to_log_in(self, client: Client) -> None:
        """And brings them back afterwards."""
        answer = client.get("/")
        assert answer.status_code == 302 and answer["Location"] == "/login/?next=/"

    def test_groups_promises_by_when_they_are_due(
        self, client_as: LogIn, lin: User, gold: Customer, ordinary: Customer, now: datetime
    ) -> None:
        """Late first, paused last, each under its word."""
        promise(gold, "PA-18.1.3", triggered_at=now - 7 * DAY)
        promise(gold, "PA-18.2.1-normal", triggered_at=now)
        promise(gold, "PA-18.1.2", triggered_at=now)
        tickets.ask_papers(ticket=ticket(ordinary, "change"), papers=["身份证"], by=lin, now=now)
        page = client_as(lin).get("/")
        groups = [(str(one["word"]), len(one["rows"])) for one in page.context["groups"]]
        assert groups == [("超时", 1), ("今天", 1), ("一周内", 1), ("已暂停", 1)]

    def test_shows_each_promise_with_the_way_to_its_receipt(
        self, client_as: LogIn, lin: User, silver: Customer
    ) -> None:
        """Rule number, customer, tier, the act that comes next."""
        row = ticket(silver, "change")
        text = client_as(lin).get("/").text
        assert f'href="/promises/{row.promise_id}/"' in text and "PA-18.1.3" in text
        assert "银河物流" in text and "银牌" in text and f"/tickets/{row.number}/?act=close" in text

    def test_is_mine_or_my_branchs(
        self, client_as: LogIn, lin: User, agent: User, gold: Customer, zhou: User
    ) -> None:
        """Another branch sees neither."""
        promise(gold)
        assert client_as(lin).get("/").context["load"].running == 1
        assert client_as(agent).get("/").context["load"].running == 0
        assert client_as(agent).get("/?scope=branch").context["load"].running == 1
        assert client_as(zhou).get("/?scope=branch").context["load"].running == 0

    def test_opens_on_the_branch_for_its_manager(
        self, client_as: LogIn, manager: User, gold: Customer
    ) -> None:
        """Who owns no promises."""
        promise(gold)
        assert client_as(manager).get("/").context["mine"] is False

    def test_can_be_narrowed_to_a_group(
        self, client_as: LogIn, lin: User, gold: Customer, now: datetime
    ) -> None:
        """A mark of the bar opens its rows; an unknown group is no group."""
        promise(gold, triggered_at=now - 7 * DAY)
        promise(gold, triggered_at=now)
        page = client_as(lin).get("/?group=overdue")
        assert [len(one["rows"]) for one in page.context["groups"]] == [1]
        assert len(client_as(lin).get("/?group=none").context["page"].object_list) == 2

    def test_shows_what_was_done_today_and_how(
        self, client_as: LogIn, lin: User, gold: Customer, now: datetime
    ) -> None:
        """Late work is shown as late, missing proof as missing."""
        late = promise(gold, triggered_at=now - 7 * DAY)
        commitments.fulfil(commitment=late, at=now, by=lin, proof=None, now=now)
        fresh = promise(gold, triggered_at=now)
        commitments.fulfil(commitment=fresh, at=now, by=lin, proof=None, now=now)
        page = client_as(lin).get("/")
        assert page.context["load"].done_today == 2
        assert "迟办" in page.text and "待补凭据" in page.text

    def test_leaves_out_what_may_not_begin_yet(
        self, client_as: LogIn, lin: User, gold: Customer, now: datetime
    ) -> None:
        """A window ahead is no work of today."""
        windowed(gold, starts_at=now + 3 * DAY, now=now)
        assert client_as(lin).get("/").context["load"].running == 0

    def test_says_why_it_is_empty_and_what_to_do(self, client_as: LogIn, lin: User, agent: User) -> None:
        """With the next step beside it."""
        assert "看本机构的承诺" in client_as(lin).get("/").text
        assert "/tickets/new/" in client_as(agent).get("/?scope=branch").text

    def test_answers_htmx_with_the_list_alone(self, client_as: LogIn, lin: User, gold: Customer) -> None:
        """The same fragment that the page holds."""
        promise(gold)
        part = client_as(lin).get("/", headers={"HX-Request": "true", "HX-Target": "worklist"})
        assert part.text.lstrip().startswith("<section") and "<html" not in part.text


class TestNotices:
    """On one's own page."""

    @pytest.fixture
    def notice(self, lin: User, now: datetime) -> Message:
        """One that leads to the tickets."""
        return messages.notify(
            users=[lin], kind="ticket", body="有工单转派给您", link="/tickets/", now=now, nudge=False
        )[0]

    def test_are_shown_until_read_and_lead_where_they_speak_of(
        self, client_as: LogIn, lin: User, notice: Message
    ) -> None:
        """Opening one marks it."""
        client = client_as(lin)
        assert client.get("/").context["unread"] == 1
        assert client.post(f"/notices/{notice.pk}/")["Location"] == "/tickets/"
        assert client.get("/").context["unread"] == 0

    def test_of_others_are_neither_shown_nor_marked(
        self, client_as: LogIn, agent: User, notice: Message
    ) -> None:
        """Whoever guesses the number."""
        client = client_as(agent)
        assert "有工单转派给您" not in client.get("/").text
        assert client.post(f"/notices/{notice.pk}/").status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_can_all_be_marked_at_once(self, client_as: LogIn, lin: User, notice: Message) -> None:
        """And need a POST."""
        client = client_as(lin)
        assert client.get("/notices/read/").status_code == 405
        client.post("/notices/read/")
        assert client.get("/").context["unread"] == 0

    def test_wait_for_their_hour(
        self, client_as: LogIn, lin: User, now: datetime, office_clock: time_machine.Traveller
    ) -> None:
        """A notice for the next opening is not shown at night."""
        later = now + timedelta(hours=2)
        messages.notify(users=[lin], kind="ticket", body="开门再说", now=now, not_before=later, nudge=False)
        assert "开门再说" not in client_as(lin).get("/").text
        office_clock.move_to(later)
        assert "开门再说" in client_as(lin).get("/").text
