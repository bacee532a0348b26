"""A customer's timeline and 记一笔 on it, through the door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now as read_clock
from pytest_django import DjangoAssertNumQueries

from crm.models import Customer, Touchpoint, User
from crm.selectors import timeline as read
from crm.timeline import sources_for
from tests.factories import crm as make
from tests.factories.servicing import ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def written(**fields: str) -> dict[str, str]:
    """This function will fill in the form."""
    said = {"kind": "call", "direction": "out", "happened_at": "2026-03-10T09:30", "summary": "谈续保"}
    return {**said, "outcome": "", "contact": "", "token": "t1", **fields}


class TestWritingItDown:
    """From the customer's page."""

    @pytest.fixture
    def address(self, gold: Customer) -> str:
        """Where the form is sent."""
        return f"/customers/{gold.pk}/touchpoints/new/"

    def test_shows_it_on_the_timeline_once_however_often_it_is_sent(
        self, client_as: LogIn, agent: User, gold: Customer, address: str
    ) -> None:
        """Without a form before the history; that is a page of its own."""
        client = client_as(agent)
        for _time in range(2):
            assert client.post(address, written(summary="谈续保甲")).status_code == 302
        history = client.get(f"/customers/{gold.pk}/timeline/").text
        assert history.count("谈续保甲") == 1 and "touchpoint-form" not in history
        assert "touchpoint-form" in client.get(address).text

    def test_without_script_leads_back_to_the_customer(
        self, client_as: LogIn, agent: User, gold: Customer, address: str
    ) -> None:
        """To its timeline."""
        answer = client_as(agent).post(address, written())
        assert answer["Location"] == f"/customers/{gold.pk}/?tab=timeline"

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"summary": " "}, "请填写说了什么"),
            ({"happened_at": "2999-01-01T00:00"}, "不能晚于现在"),
            ({"happened_at": "昨天"}, "发生时间"),
            ({"kind": "pigeon"}, "方式不在可选范围内"),
            ({"summary": "长" * 2001}, "2000"),
            ({"contact": "999999"}, "对象不在可选范围内"),
        ],
    )
    def test_refuses_what_cannot_be_and_keeps_what_was_typed(
        self, client_as: LogIn, agent: User, address: str, wrong: dict[str, str], said: str
    ) -> None:
        """Beside its field."""
        page = client_as(agent).post(address, written(outcome="下周再谈") | wrong, headers=HTMX)
        assert page.status_code == 422 and said in page.text and "下周再谈" in page.text
        assert not Touchpoint.objects.exists()

    def test_is_not_for_the_auditor_nor_other_branches(
        self, client_as: LogIn, gold: Customer, zhou: User, address: str
    ) -> None:
        """Who finds no form."""
        auditor = client_as(make.person("shen", "auditor"))
        assert auditor.post(address, written()).status_code == 403
        assert "touchpoint-form" not in auditor.get(f"/customers/{gold.pk}/timeline/").text
        assert client_as(zhou).post(address, written()).status_code == 404


class TestCorrectingIt:
    """On a page of its own."""

    def test_is_offered_to_its_writer_and_saves(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """Without asking why."""
        row = make.touchpoint(gold, "谈续保", now=read_clock())
        client, address = client_as(lin), f"/customers/{gold.pk}/touchpoints/{row.pk}/edit/"
        assert address in client.get(f"/customers/{gold.pk}/timeline/").text
        page = client.get(address)
        assert "更正理由" not in page.text
        form = {b.html_name: str(b.value() or "") for b in page.context["form"]}
        form["happened_at"] = page.context["form"]["happened_at"].value().strftime("%Y-%m-%dT%H:%M")
        form |= {"seen": page.context["seen"], "summary": "谈理赔"}
        assert client.post(address, form).status_code == 302
        assert Touchpoint.objects.get().summary == "谈理赔"
        stale = client.post(address, form | {"summary": "谈别的"})
        assert stale.status_code == 422 and "说了什么：谈理赔" in stale.text and "谈别的" in stale.text

    def test_asks_a_manager_why_and_refuses_colleagues(
        self, client_as: LogIn, gold: Customer, agent: User, manager: User, silver: Customer
    ) -> None:
        """And belongs to its customer."""
        row = make.touchpoint(gold, "谈续保", now=read_clock())
        address = f"/customers/{gold.pk}/touchpoints/{row.pk}/edit/"
        assert "更正理由" in client_as(manager).get(address).text
        refused = client_as(agent).get(address)
        assert refused.status_code == 422 and "机构管理者更正" in refused.text
        other = f"/customers/{silver.pk}/touchpoints/{row.pk}/edit/"
        assert client_as(manager).get(other).status_code == 404


class TestTheTimeline:
    """Of a customer."""

    @pytest.fixture
    def told(self, gold: Customer) -> None:
        """A call, a policy and a complaint with its promises."""
        make.touchpoint(gold, "谈续保甲")
        make.policy(gold, number="P777")
        ticket(gold, "complaint", received_at=make.NOW)

    def test_tells_everything_once(self, client_as: LogIn, gold: Customer, lin: User, told: None) -> None:
        """What was written, tickets, promises and changes, but no looks."""
        client = client_as(lin)
        client.get(f"/customers/{gold.pk}/")
        page = client.get(f"/customers/{gold.pk}/timeline/").text
        for word in ("谈续保甲", "投诉：", "登记：", "P777", "登记保单"):
            assert word in page
        for word in ("打开客户页", "受理工单", "记往来</strong>"):
            assert word not in page

    def test_keeps_one_kind(self, client_as: LogIn, gold: Customer, lin: User, told: None) -> None:
        """An unknown kind is all of them."""
        client = client_as(lin)
        page = client.get(f"/customers/{gold.pk}/timeline/?kind=ticket")
        assert {line.source.key for line in page.context["lines"]} == {"ticket"}
        page = client.get(f"/customers/{gold.pk}/timeline/?kind=gossip")
        assert len({line.source.key for line in page.context["lines"]}) > 2

    def test_goes_on_without_a_gap_or_a_double(self, gold: Customer, lin: User, told: None) -> None:
        """Even where many things happened at one moment."""
        for number in range(7):
            make.touchpoint(gold, f"第{number}笔", happened_at=make.NOW)
        sources = sources_for(lin)
        whole, end = read.page(gold, sources, user=lin, now=make.NOW, size=1000)
        assert end is None
        walked: list[Any] = []
        after = None
        while True:
            lines, after = read.page(gold, sources, user=lin, now=make.NOW, after=after, size=2)
            walked += lines
            if after is None:
                break
        assert [line.place for line in walked] == [line.place for line in whole]
        assert [line.place.at for line in whole] == sorted((line.place.at for line in whole), reverse=True)

    @pytest.mark.parametrize("after", ["", "x", "2026-03-10T10:00:00", "2026-03-10T10:00:00+00:00~a", "~~"])
    def test_begins_again_for_an_address_that_is_none(
        self, client_as: LogIn, gold: Customer, lin: User, told: None, after: str
    ) -> None:
        """Never an error."""
        page = client_as(lin).get(f"/customers/{gold.pk}/timeline/", {"after": after})
        assert page.status_code == 200 and page.context["lines"]

    def test_answers_older_lines_alone(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """Without a second form."""
        for number in range(read.SIZE + 5):
            make.touchpoint(gold, f"第{number}笔", happened_at=make.NOW - timedelta(hours=number))
        client = client_as(lin)
        more = client.get(f"/customers/{gold.pk}/timeline/").context["more"]
        part = client.get(f"/customers/{gold.pk}/timeline/?{more}", headers=HTMX)
        assert "touchpoint-form" not in part.text and f"第{read.SIZE + 1}笔" in part.text

    def test_takes_as_many_queries_for_many_rows(
        self,
        client_as: LogIn,
        gold: Customer,
        lin: User,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        """One a source, and the frame."""
        for _time in range(40):
            make.touchpoint(gold)
            make.policy(gold)
        client = client_as(lin)
        with django_assert_max_num_queries(12):
            client.get(f"/customers/{gold.pk}/timeline/")
