"""The receipt of a promise, through the door."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from crm.models import Customer, User
from servicing.services import commitments, tickets
from tests.factories import crm as make
from tests.factories.servicing import at, promise, ticket, windowed

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


class TestTheReceipt:
    """Says why a promise is due when it is."""

    def test_prints_the_arithmetic_over_the_spring_festival(
        self, client_as: LogIn, lin: User, ordinary: Customer
    ) -> None:
        """Day by day, with the rule, its version, the tier and the notice."""
        row = promise(ordinary, "PA-17.2", triggered_at=at("2026-02-12T10:00"), tier="ordinary")
        page = client_as(lin).get(f"/promises/{row.pk}/")
        for words in ("2026-02-24", "调休上班", "春节", "PA-17.2", "第 1 版", "普通", "国办发明电", "一致"):
            assert words in page.text
        assert [s.ordinal for s in page.context["receipt"].due.steps if s.counts] == [1, 2, 3]

    def test_shows_the_laws_clock_beside_ours(self, client_as: LogIn, lin: User, silver: Customer) -> None:
        """And each links to the other's ticket."""
        row = ticket(silver)
        text = client_as(lin).get(f"/promises/{row.promise_id}/").text
        assert f"/promises/{row.ceiling_id}/" in text and "法定上限" in text and row.number in text
        text = client_as(lin).get(f"/promises/{row.ceiling_id}/").text
        assert f"/promises/{row.promise_id}/" in text and "公司承诺" in text

    def test_tells_of_pauses_and_who_ended_them(
        self, client_as: LogIn, lin: User, ordinary: Customer, now: datetime
    ) -> None:
        """While it rests, the days of the pause are listed up to today."""
        row = ticket(ordinary, "change", received_at=now - timedelta(days=1))
        tickets.ask_papers(ticket=row, papers=["身份证"], by=lin, now=now - timedelta(hours=20))
        page = client_as(lin).get(f"/promises/{row.promise_id}/")
        assert "等待补件" in page.text and "现已暂停" in page.text
        assert page.context["receipt"].due.steps[-1].date == now.date()

    def test_of_a_window_names_the_window(
        self, client_as: LogIn, lin: User, gold: Customer, now: datetime
    ) -> None:
        """There is nothing to count."""
        row = windowed(gold)
        assert "按计划日期办理" in client_as(lin).get(f"/promises/{row.pk}/").text

    def test_of_another_branch_is_unknown(self, client_as: LogIn, zhou: User, silver: Customer) -> None:
        """404."""
        row = promise(silver)
        assert client_as(zhou).get(f"/promises/{row.pk}/").status_code == 404
        assert client_as(zhou).post(f"/promises/{row.pk}/evidence/").status_code == 404
        assert Client().get(f"/promises/{row.pk}/").status_code == 302


class TestEvidence:
    """Comes with the act or after it."""

    def test_turns_unproven_into_kept(
        self, client_as: LogIn, lin: User, silver: Customer, now: datetime
    ) -> None:
        """Filed once, however often it is sent."""
        row, client = promise(silver), client_as(lin)
        commitments.fulfil(commitment=row, at=now, by=lin, proof=None, now=now)
        assert client.get(f"/promises/{row.pk}/").context["result"] == "unproven"
        form = {"token": str(uuid.uuid4()), "kind": "endorsement", "reference": "PD-77", "note": ""}
        for _ in range(2):
            assert client.post(f"/promises/{row.pk}/evidence/", form).status_code == 302
        page = client.get(f"/promises/{row.pk}/")
        assert page.context["result"] == "kept" and "守约" in page.text and "PD-77" in page.text
        assert row.evidence.count() == 1

    def test_does_not_heal_a_breach(
        self, client_as: LogIn, lin: User, silver: Customer, now: datetime
    ) -> None:
        """Broken stays broken."""
        row = promise(silver, triggered_at=now - timedelta(days=9))
        proof = commitments.Proof("document", "X-1")
        commitments.fulfil(commitment=row, at=now, by=lin, proof=proof, now=now)
        page = client_as(lin).get(f"/promises/{row.pk}/")
        assert page.context["result"] == "broken" and "违约" in page.text and "迟办" in page.text

    def test_needs_something_to_look_up(
        self, client_as: LogIn, lin: User, silver: Customer, now: datetime
    ) -> None:
        """Said beside the field."""
        row = promise(silver)
        commitments.fulfil(commitment=row, at=now, by=lin, proof=None, now=now)
        page = client_as(lin).post(f"/promises/{row.pk}/evidence/", {"kind": "document", "reference": " "})
        assert page.status_code == 422 and page.context["form"].errors.keys() == {"reference"}

    def test_is_filed_by_those_who_work(self, client_as: LogIn, silver: Customer) -> None:
        """Not by an auditor."""
        auditor = make.person("shen", role="auditor", branch=make.branch_tree().head_office)
        row = promise(silver)
        page = client_as(auditor).get(f"/promises/{row.pk}/")
        assert page.status_code == 200 and "补充凭据" not in page.text
        assert client_as(auditor).post(f"/promises/{row.pk}/evidence/").status_code == 403
