"""What is done to a ticket, through the door: legal and illegal moves, double submits, stale pages."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from crm.models import Customer, User
from servicing.models import Ticket
from servicing.services import tickets
from servicing.views.panes import ACTS
from tests.factories import crm as make
from tests.factories.servicing import ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def do(client: Client, row: Ticket, verb: str, *, version: int | None = None, **typed: Any) -> Any:
    """This function will send an act's form as the page would: with a token and the version on the page."""
    row.refresh_from_db()
    form = {"token": str(uuid.uuid4()), "version": row.version if version is None else version, **typed}
    answer = client.post(f"/tickets/{row.number}/{verb}/", form)
    row.refresh_from_db()
    return answer


def offered(client: Client, row: Ticket) -> list[str]:
    """This function will list the acts that the ticket's page offers."""
    return [pane.verb for pane in client.get(f"/tickets/{row.number}/").context["panes"]]


class TestTheOfferedActs:
    """Are the legal ones."""

    def test_of_a_fresh_complaint(self, client_as: LogIn, lin: User, silver: Customer) -> None:
        """It must be answered before it can be closed."""
        assert offered(client_as(lin), ticket(silver)) == [
            *("reply", "papers", "pause", "transfer", "note", "withdraw")
        ]

    def test_of_an_ordinary_change(self, client_as: LogIn, lin: User, ordinary: Customer) -> None:
        """It can be paused."""
        assert offered(client_as(lin), ticket(ordinary, "change")) == [
            *("reply", "close", "papers", "pause", "transfer", "note", "withdraw")
        ]

    def test_of_a_late_change(self, client_as: LogIn, lin: User, ordinary: Customer, now: datetime) -> None:
        """A pause would not heal it."""
        row = ticket(ordinary, "change", received_at=now - timedelta(days=9))
        assert offered(client_as(lin), row) == ["reply", "close", "transfer", "note", "withdraw"]

    def test_of_a_vips_change_without_papers(self, client_as: LogIn, lin: User, silver: Customer) -> None:
        """Its clock is started first."""
        row = ticket(silver, "change", papers_complete=False)
        page = client_as(lin).get(f"/tickets/{row.number}/")
        assert page.context["chosen"] == "complete" and "尚未起算（等待资料齐备）" in page.text
        assert "close" not in offered(client_as(lin), row)

    def test_of_a_closed_ticket(self, client_as: LogIn, lin: User, ordinary: Customer, now: datetime) -> None:
        """Notes only."""
        row = ticket(ordinary, "change")
        tickets.close(ticket=row, summary="已变更", by=lin, now=now)
        assert offered(client_as(lin), row) == ["note"]

    def test_to_an_auditor(self, client_as: LogIn, silver: Customer) -> None:
        """None at all, and none is taken."""
        row = ticket(silver)
        auditor = make.person("shen", role="auditor", branch=make.branch_tree().head_office)
        assert offered(client_as(auditor), row) == []
        assert do(client_as(auditor), row, "reply", body="看看").status_code == 403

    def test_to_a_claims_handler(self, client_as: LogIn, silver: Customer) -> None:
        """Everything but transfers."""
        handler = make.person("pan", role="claims_handler")
        row = ticket(silver)
        assert "transfer" not in offered(client_as(handler), row)
        assert do(client_as(handler), row, "transfer", owner=1, reason="x").status_code == 403

    @pytest.mark.parametrize("verb", list(ACTS))
    def test_are_unknown_to_other_branches(
        self, client_as: LogIn, zhou: User, silver: Customer, verb: str
    ) -> None:
        """404, page and acts alike; an address of an act is no page."""
        row = ticket(silver)
        assert client_as(zhou).get(f"/tickets/{row.number}/").status_code == 404
        assert do(client_as(zhou), row, verb).status_code == 404
        assert client_as(silver.owner).get(f"/tickets/{row.number}/{verb}/").status_code == 405


class TestEachAct:
    """Done as the page sends it."""

    def test_a_substantive_answer_keeps_the_promise(
        self, client_as: LogIn, lin: User, silver: Customer
    ) -> None:
        """And an interim one does not."""
        row, client = ticket(silver), client_as(lin)
        answer = do(client, row, "reply", body="正在核实")
        assert answer.status_code == 302 and row.promise is not None and row.promise.state == "open"
        do(client, row, "reply", body="已核实，补付差额", answers="on")
        row.promise.refresh_from_db()
        assert row.promise.state == "fulfilled" and row.state == "received"
        page = client.get(f"/tickets/{row.number}/")
        assert page.context["chosen"] == "close" and "已核实，补付差额" in page.text

    def test_closing_needs_words_and_files_the_proof(
        self, client_as: LogIn, lin: User, ordinary: Customer
    ) -> None:
        """Without words it is refused beside the field."""
        row, client = ticket(ordinary, "change"), client_as(lin)
        assert do(client, row, "close", summary="").status_code == 422 and row.state == "received"
        do(client, row, "close", summary="受益人已变更", reference="PD-001")
        assert row.state == "closed" and row.promise is not None
        assert row.promise.evidence.get().reference == "PD-001"

    def test_missing_papers_are_listed_and_come_one_by_one(
        self, client_as: LogIn, lin: User, ordinary: Customer
    ) -> None:
        """With the last one the clock runs on."""
        row, client = ticket(ordinary, "change"), client_as(lin)
        assert do(client, row, "papers", papers="  \n").status_code == 422
        do(client, row, "papers", papers="身份证\n\n申请书原件 ", note="已电话告知")
        first, second = row.missing_papers.order_by("pk")
        assert row.state == "waiting" and (first.name, second.name) == ("身份证", "申请书原件")
        assert do(client, row, "resume").status_code == 422
        do(client, row, "resume", papers=[first.pk])
        assert row.state == "waiting"
        do(client, row, "resume", papers=[second.pk])
        assert row.state == "received" and row.promise is not None and row.promise.state == "open"

    def test_a_pause_offers_only_what_the_rule_allows(
        self, client_as: LogIn, lin: User, silver: Customer
    ) -> None:
        """A VIP's change may wait for an appraisal, not for papers."""
        row, client = ticket(silver, "change"), client_as(lin)
        assert "papers" not in offered(client, row)
        assert do(client, row, "pause", reason="papers").status_code == 422
        assert do(client, row, "papers", papers="身份证").status_code == 422 and row.state == "received"
        do(client, row, "pause", reason="appraisal", note="等鉴定")
        assert row.state == "waiting" and "等鉴定" in client.get(f"/tickets/{row.number}/").text
        do(client, row, "resume")
        assert row.state == "received"

    def test_a_long_pause_ends_with_an_approver(
        self,
        client_as: LogIn,
        lin: User,
        manager: User,
        ordinary: Customer,
        now: datetime,
        office_clock: time_machine.Traveller,
    ) -> None:
        """Who is asked for only then, and must hold the right."""
        row, client = ticket(ordinary, "change"), client_as(lin)
        do(client, row, "pause", reason="medical")
        assert "approver" not in client.get(f"/tickets/{row.number}/").text
        office_clock.move_to(now + timedelta(days=30))
        client = client_as(lin)
        refused = do(client, row, "resume")
        assert refused.status_code == 422 and "需要机构管理者批准" in refused.text
        assert do(client, row, "resume", approver=lin.pk).status_code == 422
        do(client, row, "resume", approver=manager.pk)
        assert row.state == "received"

    def test_complete_papers_start_the_clock(self, client_as: LogIn, lin: User, silver: Customer) -> None:
        """From now."""
        row = ticket(silver, "change", papers_complete=False)
        do(client_as(lin), row, "complete")
        assert row.promise is not None and row.papers_complete_at == row.promise.triggered_at

    def test_papers_of_a_resting_change_complete_it(
        self, client_as: LogIn, lin: User, ordinary: Customer
    ) -> None:
        """So that it can be closed afterwards."""
        row, client = ticket(ordinary, "change", papers_complete=False), client_as(lin)
        assert offered(client, row)[:2] == ["reply", "resume"]
        do(client, row, "resume")
        assert row.state == "received" and row.papers_complete_at is not None

    def test_a_transfer_is_offered_to_colleagues_only(
        self, client_as: LogIn, lin: User, agent: User, zhou: User, silver: Customer
    ) -> None:
        """Not to oneself, not to another branch."""
        row, client = ticket(silver), client_as(lin)
        for nobody in (zhou.pk, lin.pk):
            assert do(client, row, "transfer", owner=nobody, reason="休假").status_code == 422
        do(client, row, "transfer", owner=agent.pk, reason="休假")
        assert row.owner == agent and row.promise is not None and row.promise.owner == agent

    def test_a_withdrawal_needs_the_customers_reason(
        self, client_as: LogIn, lin: User, silver: Customer
    ) -> None:
        """And ends the promises."""
        row, client = ticket(silver), client_as(lin)
        assert do(client, row, "withdraw", reason=" ").status_code == 422
        do(client, row, "withdraw", reason="已自行解决")
        assert row.state == "withdrawn" and row.promise is not None and row.promise.state == "cancelled"

    def test_a_note_can_be_written_at_any_time(
        self, client_as: LogIn, lin: User, silver: Customer, now: datetime
    ) -> None:
        """It is shown as a note."""
        row = ticket(silver)
        tickets.withdraw(ticket=row, reason="撤回", by=lin, now=now)
        do(client_as(lin), row, "note", body="客户之后又来电")
        assert row.entries.filter(kind="note").count() == 1


class TestAnIllegalMove:
    """Sent in spite of the page."""

    def test_is_refused_with_what_was_typed(
        self, client_as: LogIn, lin: User, ordinary: Customer, now: datetime
    ) -> None:
        """It can be copied, not sent again."""
        row = ticket(ordinary, "change")
        tickets.close(ticket=row, summary="已变更", by=lin, now=now)
        page = do(client_as(lin), row, "reply", body="辛苦写好的答复")
        assert page.status_code == 422 and "不能答复" in page.text and "辛苦写好的答复" in page.text
        assert page.context["panes"][-1].legal is False and row.entries.filter(kind="reply").count() == 0

    def test_of_closing_unanswered_says_what_to_do(
        self, client_as: LogIn, lin: User, silver: Customer
    ) -> None:
        """Answer first."""
        row = ticket(silver)
        page = do(client_as(lin), row, "close", summary="办完了")
        assert page.status_code == 422 and "请先写答复" in page.text and row.state == "received"

    def test_by_an_unknown_verb_is_no_address(self, client_as: LogIn, lin: User, silver: Customer) -> None:
        """404."""
        assert do(client_as(lin), ticket(silver), "reopen").status_code == 404


class TestTwoAtOnce:
    """The same form twice, or two people on one ticket."""

    def test_a_double_submit_has_one_effect(self, client_as: LogIn, lin: User, silver: Customer) -> None:
        """Both are led to the ticket."""
        row, client = ticket(silver), client_as(lin)
        form = {"token": str(uuid.uuid4()), "version": row.version, "body": "您好"}
        answers = [client.post(f"/tickets/{row.number}/reply/", form) for _ in range(2)]
        assert [one.status_code for one in answers] == [302, 302]
        assert row.entries.filter(kind="reply").count() == 1

    def test_a_stale_page_is_shown_anew_with_what_was_typed(
        self, client_as: LogIn, lin: User, agent: User, silver: Customer
    ) -> None:
        """The newer thread stands above it; sent again it counts."""
        row = ticket(silver)
        seen = row.version
        do(client_as(agent), row, "reply", body="我先答复了")
        page = do(client_as(lin), row, "reply", version=seen, body="我也写了答复")
        assert page.status_code == 409 and "刚被别人改动" in page.text
        assert "我先答复了" in page.text and "我也写了答复" in page.text
        assert row.entries.filter(kind="reply").count() == 1
        pane = next(one for one in page.context["panes"] if one.verb == "reply")
        assert page.context["ticket"].version == row.version and pane.form["body"].value() == "我也写了答复"
        do(client_as(lin), row, "reply", body="我也写了答复")
        assert row.entries.filter(kind="reply").count() == 2

    def test_a_page_overtaken_by_closing_keeps_the_text(
        self, client_as: LogIn, lin: User, agent: User, ordinary: Customer
    ) -> None:
        """Though the act is no longer legal."""
        row = ticket(ordinary, "change")
        seen = row.version
        do(client_as(agent), row, "close", summary="已变更")
        page = do(client_as(lin), row, "withdraw", version=seen, reason="客户来电撤回")
        assert page.status_code == 409 and "客户来电撤回" in page.text and "可以复制到备注里" in page.text

    def test_a_form_without_a_version_counts_as_stale(
        self, client_as: LogIn, lin: User, silver: Customer
    ) -> None:
        """Nothing overwrites what it has not seen."""
        row = ticket(silver)
        answer = client_as(lin).post(f"/tickets/{row.number}/reply/", {"body": "您好"})
        assert answer.status_code == 409
