"""Acts on many rows at once, through the doors: looked at, confirmed, done one by one, each with its result."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm import bulk_acts
from crm.models import BulkRow, BulkRun, Customer, LogEntry, Message, User
from crm.services import bulk
from servicing.models import Ticket
from servicing.services import tickets
from tests.factories import crm as make
from tests.factories.servicing import promise, ticket

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def confirmed(rows: list[Any], **said: str) -> dict[str, str]:
    """This function will fill the form as the page of the act would."""
    return {"token": str(uuid.uuid4()), "ids": ",".join(str(row.pk) for row in rows), **said}


def results(answer: HttpResponse, client: Client) -> dict[str, str]:
    """This function will read what became of each row: its title's beginning and the result with its sentence."""
    page = client.get(answer["Location"])
    assert page.status_code == 200
    return {row.title.split()[0]: f"{row.state} {row.sentence}" for row in page.context["rows"]}


@pytest.fixture
def three(silver: Customer, gold: Customer, now: datetime) -> list[Ticket]:
    """Three complaints of 林晓."""
    return [ticket(one, "complaint", received_at=now) for one in (silver, gold, silver)]


class TestLookingAtWhatWasTicked:
    def test_says_how_many_and_which_and_does_nothing(
        self, client_as: LogIn, agent: User, three: list[Ticket]
    ) -> None:
        ids = [str(row.pk) for row in three[:2]]
        page = client_as(agent).post("/bulk/tickets.transfer/", {"ids": ids})
        assert page.status_code == 200 and "批量转派：2 张工单" in page.text
        assert three[0].number in page.text and three[2].number not in page.text
        assert not BulkRun.objects.exists()

    def test_of_all_that_match_counts_the_list(
        self, client_as: LogIn, agent: User, three: list[Ticket], ordinary: Customer
    ) -> None:
        ticket(ordinary, "enquiry")
        page = client_as(agent).post("/bulk/tickets.urge/", {"all": "1", "query": "kind=complaint"})
        assert "批量催办：3 张工单" in page.text and 'value="kind=complaint"' in page.text

    def test_leaves_out_other_branches_and_says_so(
        self, client_as: LogIn, zhou: User, three: list[Ticket]
    ) -> None:
        page = client_as(zhou).post("/bulk/tickets.transfer/", {"ids": [str(three[0].pk), "99999999"]})
        assert page.status_code == 422 and "没有选中任何一条" in page.text
        assert three[0].number not in page.text

    def test_of_nothing_or_nonsense_says_what_to_do(self, client_as: LogIn, agent: User) -> None:
        for ids in ("", "abc", "９", "9" * 40):
            page = client_as(agent).post("/bulk/tickets.transfer/", {"ids": ids})
            assert page.status_code == 422 and "请回到列表勾选后再办理" in page.text

    def test_of_too_many_says_the_limit(
        self, client_as: LogIn, agent: User, three: list[Ticket], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bulk, "MOST", 3)
        asked = {"all": "1", "query": "kind=complaint"}
        assert client_as(agent).post("/bulk/tickets.urge/", asked).status_code == 200
        monkeypatch.setattr(bulk, "MOST", 2)
        page = client_as(agent).post("/bulk/tickets.urge/", asked)
        assert page.status_code == 422 and "一次最多办理 2 条，现在选了 3 条" in page.text

    def test_needs_the_right_of_the_act(self, client_as: LogIn, three: list[Ticket]) -> None:
        auditor = client_as(make.person("shen", role="auditor"))
        for act in (
            "tickets.transfer",
            "tickets.urge",
            "tickets.close",
            "promises.urge",
            "promises.transfer",
        ):
            sent = confirmed(three, reason="测试", summary="测试")
            assert auditor.post(f"/bulk/{act}/", sent).status_code == 403, act
        assert "jn-bulk" not in auditor.get("/tickets/").text.split("<body")[1]
        assert auditor.post("/bulk/nothing/", {}).status_code == 404


class TestTransferringTickets:
    def test_gives_each_with_its_promises_to_the_other(
        self, client_as: LogIn, agent: User, three: list[Ticket]
    ) -> None:
        client = client_as(agent)
        sent = confirmed(three, owner=str(agent.pk), reason="休假交接")
        found = results(client.post("/bulk/tickets.transfer/", sent), client)
        assert found == {row.number: "done " for row in three}
        for row in three:
            row.refresh_from_db()
            assert row.owner == agent and (row.promise is None or row.promise.owner == agent)
        assert Message.objects.filter(user=agent, body__contains="转派给您").count() == 3

    def test_refuses_the_one_that_cannot_and_does_the_others(
        self, client_as: LogIn, agent: User, lin: User, three: list[Ticket], now: datetime
    ) -> None:
        tickets.withdraw(ticket=three[1], reason="客户不再要求", by=lin, now=now)
        client = client_as(agent)
        sent = confirmed(three, owner=str(agent.pk), reason="休假交接")
        found = results(client.post("/bulk/tickets.transfer/", sent), client)
        assert found[three[0].number] == found[three[2].number] == "done "
        assert found[three[1].number] == "refused 工单“已撤回”时不能转派。"

    def test_sent_twice_is_done_once(
        self, client_as: LogIn, agent: User, lin: User, three: list[Ticket]
    ) -> None:
        client, sent = client_as(agent), confirmed(three, owner=str(agent.pk), reason="休假交接")
        first = client.post("/bulk/tickets.transfer/", sent)
        for row in three:
            Ticket.objects.filter(pk=row.pk).update(owner=lin)
        assert client.post("/bulk/tickets.transfer/", sent)["Location"] == first["Location"]
        assert BulkRun.objects.count() == 1 and Ticket.objects.filter(owner=lin).count() == 3

    def test_leaves_one_number_in_the_log_of_each(
        self, client_as: LogIn, agent: User, three: list[Ticket]
    ) -> None:
        sent = confirmed(three, owner=str(agent.pk), reason="休假交接")
        client_as(agent).post("/bulk/tickets.transfer/", sent)
        run = BulkRun.objects.get()
        rows = LogEntry.objects.filter(request_id=run.number)
        assert rows.filter(action="servicing.ticket.transferred").count() == 3
        assert {entry.after["number"] for entry in rows.filter(action="crm.bulk.row_done")} == {run.number}
        assert all(entry.address for entry in rows)

    def test_to_nobody_keeps_the_reason(self, client_as: LogIn, agent: User, three: list[Ticket]) -> None:
        page = client_as(agent).post("/bulk/tickets.transfer/", confirmed(three, reason="岗位调整"))
        assert page.status_code == 422 and "请选择转派给" in page.text and "岗位调整" in page.text

    def test_to_another_branch_is_not_offered(
        self, client_as: LogIn, agent: User, zhou: User, three: list[Ticket]
    ) -> None:
        sent = confirmed(three, owner=str(zhou.pk), reason="测试")
        page = client_as(agent).post("/bulk/tickets.transfer/", sent)
        assert page.status_code == 422 and "不在可选范围内" in page.text


class TestEverythingThatMatches:
    def test_is_counted_again_when_confirmed(
        self, client_as: LogIn, agent: User, three: list[Ticket], silver: Customer, now: datetime
    ) -> None:
        client = client_as(agent)
        sent = {"token": str(uuid.uuid4()), "all": "1", "query": "kind=complaint", "seen": "3"}
        ticket(silver, "complaint", received_at=now)
        page = client.post("/bulk/tickets.urge/", {**sent, "reason": "临近到期"})
        assert page.status_code == 409 and "现在有 4 条，刚才看到的是 3 条" in page.text
        assert not BulkRun.objects.exists()
        answer = client.post("/bulk/tickets.urge/", {**sent, "reason": "临近到期", "seen": "4"})
        assert len(results(answer, client)) == 4


class TestUrgingTickets:
    def test_reminds_each_owner_and_refuses_what_has_no_clock_or_is_my_own(
        self, client_as: LogIn, agent: User, silver: Customer, ordinary: Customer, now: datetime
    ) -> None:
        theirs, nothing = ticket(silver, "enquiry", received_at=now), ticket(ordinary, "enquiry")
        mine = ticket(silver, "complaint", received_at=now)
        tickets.transfer(ticket=mine, owner=agent, reason="我来办", by=agent, now=now)
        client = client_as(agent)
        sent = confirmed([theirs, nothing, mine], reason="客户来电催问")
        found = results(client.post("/bulk/tickets.urge/", sent), client)
        assert found[theirs.number] == "done "
        assert "没有时限承诺" in found[nothing.number] and "您自己负责" in found[mine.number]


class TestClosingTickets:
    def test_closes_what_its_own_page_would_close(
        self, client_as: LogIn, agent: User, lin: User, silver: Customer, now: datetime
    ) -> None:
        change, unanswered = ticket(silver, "change", received_at=now), ticket(silver, "complaint")
        client = client_as(agent)
        sent = confirmed([change, unanswered], summary="批单已出")
        found = results(client.post("/bulk/tickets.close/", sent), client)
        change.refresh_from_db()
        assert found[change.number] == "done " and change.state == "closed"
        assert "还没有实质答复客户" in found[unanswered.number]


class TestPromises:
    def test_are_urged_and_handed_over(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        rows, client = [promise(silver, triggered_at=now) for _ in range(2)], client_as(agent)
        client.post("/bulk/promises.urge/", confirmed(rows, reason="临近到期"))
        assert all(row.events.filter(kind="urged").count() == 1 for row in rows)
        client.post("/bulk/promises.transfer/", confirmed(rows, owner=str(agent.pk), reason="休假交接"))
        for row in rows:
            row.refresh_from_db()
            assert row.owner == agent
        assert Message.objects.filter(user=agent, body__contains="有承诺转派给您").count() == 2

    def test_of_one_ticket_go_with_it_once(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        row = ticket(silver, "complaint", received_at=now)
        client = client_as(agent)
        sent = confirmed([row.promise, row.ceiling], owner=str(agent.pk), reason="休假交接")
        client.post("/bulk/promises.transfer/", sent)
        row.refresh_from_db()
        assert row.owner == agent and list(BulkRow.objects.values_list("state", flat=True)) == ["done"] * 2
        assert row.entries.filter(body__startswith="转派：").count() == 1


class TestARunThatWasInterrupted:
    def test_is_gone_on_with_and_what_is_done_stays_done(
        self, client_as: LogIn, agent: User, three: list[Ticket], now: datetime
    ) -> None:
        act = bulk_acts.act_of("tickets.transfer")
        assert act is not None
        run = bulk.begin(
            act=act,
            chosen=[bulk.Chosen(row.pk, row.number, f"/tickets/{row.number}/") for row in three],
            said={"owner": str(agent.pk), "reason": "休假交接"},
            token="t",
            by=agent,
            now=now - timedelta(minutes=1),
        )
        run.rows.filter(row=three[0].pk).update(state="done")
        client = client_as(agent)
        assert "继续办理余下 2 条" in client.get(f"/bulk/runs/{run.number}/").text
        client.post(f"/bulk/runs/{run.number}/go-on/")
        owners = [Ticket.objects.get(pk=row.pk).owner for row in three]
        assert owners == [three[0].owner, agent, agent]
        assert set(run.rows.values_list("state", flat=True)) == {"done"}

    def test_is_nobody_elses(self, client_as: LogIn, agent: User, lin: User, three: list[Ticket]) -> None:
        sent = confirmed(three, owner=str(agent.pk), reason="休假交接")
        at = client_as(agent).post("/bulk/tickets.transfer/", sent)["Location"]
        assert client_as(lin).get(at).status_code == 404
        assert client_as(lin).post(f"{at}go-on/").status_code == 404

    def test_that_breaks_on_a_row_says_so_and_does_the_others(
        self, client_as: LogIn, agent: User, three: list[Ticket]
    ) -> None:
        Ticket.objects.filter(pk=three[0].pk).update(promise=None, ceiling=None, version=1)
        three[0].entries.all().delete()
        client = client_as(agent)
        act = bulk_acts.act_of("tickets.transfer")
        assert act is not None

        def run(by: User, pk: int, said: Any, now: datetime) -> bulk_acts.Done:
            if pk == three[0].pk:
                raise RuntimeError("a row that nobody foresaw")
            return act.run(by, pk, said, now)

        broken = bulk_acts.BulkAct(act.key, act.list, act.word, act.icon, act.right, act.form, run)
        bulk_acts.add_bulk_act(broken)
        try:
            sent = confirmed(three, owner=str(agent.pk), reason="休假交接")
            found = results(client.post("/bulk/tickets.transfer/", sent), client)
        finally:
            bulk_acts.add_bulk_act(act)
        assert "系统出错，这一条没有办理" in found[three[0].number]
        assert found[three[1].number] == found[three[2].number] == "done "
