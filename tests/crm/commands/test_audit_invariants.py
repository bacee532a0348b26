"""`manage.py audit_invariants` and its nightly job: a status one can build on, and one alarm a day."""

import io
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from crm.models import Branch, JobRun, Message, User
from crm.services import invariants, runs
from crm.tasks import audit_invariants
from tests.factories import crm as make
from tests.factories.damage import without_trigger

pytestmark = pytest.mark.django_db


def audit(*options: str) -> str:
    out = io.StringIO()
    call_command("audit_invariants", *options, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def standing_still(now: datetime) -> Iterator[None]:
    """The hour at which the cast was made: the log's tail is young."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def broken(head_office: User) -> Branch:
    """A branch whose path leads elsewhere."""
    office = make.branch_tree().office
    with without_trigger("crm_branch", "a_branch_keeps_its_path"):
        Branch.objects.filter(pk=office.pk).update(path="9/9/")
    return office


class TestAnEmptyHouse:
    def test_is_well(self) -> None:
        assert "全部成立" in audit("--times")


class TestABrokenSentence:
    def test_ends_the_command_with_a_status_and_names_the_row(self, broken: Branch) -> None:
        out = io.StringIO()
        with pytest.raises(CommandError, match="有 1 条不成立"):
            call_command("audit_invariants", stdout=out)
        assert f"✗ 每个机构的路径由上级路径和自己的编号组成：1 行不符（{broken.pk}）" in out.getvalue()

    def test_is_told_to_head_office_once_a_day(
        self, broken: Branch, head_office: User, now: datetime
    ) -> None:
        for _time in range(3):
            invariants.audit(now=now)
        notice = Message.objects.get(kind="invariants")
        assert notice.user == head_office
        assert "数据核对有 1 条不成立" in notice.body

    def test_makes_the_job_red_and_says_why_on_the_page(
        self, broken: Branch, head_office: User, now: datetime, client_as: object
    ) -> None:
        run = runs.begin(job="audit_invariants", slot="s", now=now)
        with pytest.raises(invariants.InvariantsAreBroken):
            audit_invariants(run=run.pk)
        run.refresh_from_db()
        assert (run.failed, run.finished_at is not None) == (1, True)
        page: Client = client_as(head_office)
        assert "数据核对有 1 条不成立" in page.get("/jobs/").content.decode()

    def test_with_many_rows_shows_the_first_and_counts_all(self, now: datetime) -> None:
        for n in range(25):
            make._branch(f"x{n}", f"分公司{n}", "province", make.branch_tree().head_office)
        Branch.objects.filter(code__startswith="x").update(grade="A")
        with without_trigger("crm_branch", "a_branch_keeps_its_path"):
            for branch in Branch.objects.filter(code__startswith="x"):
                Branch.objects.filter(pk=branch.pk).update(path=f"wrong/{branch.pk}/")
        found = next(one for one in invariants.audit(now=now) if one.key == "branch_paths")
        assert (found.count, len(found.first)) == (25, 20)
        assert "等" in found.words()


class TestTheJob:
    def test_twice_is_the_same_as_once(self, db: None, now: datetime) -> None:
        for slot in ("a", "b"):
            run = runs.begin(job="audit_invariants", slot=slot, now=now)
            audit_invariants(run=run.pk)
        assert set(JobRun.objects.values_list("failed", flat=True)) == {0}
