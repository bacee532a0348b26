"""作业: what runs by itself, what went wrong, and who may let held messages go. And the page for health checks."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.models import JobRun, TickState, User
from crm.models.job import HoldKind
from crm.schedule import JOBS
from crm.services import audit, audit_seals, holds
from crm.services.tick import tick
from tests.factories.sending import NO_PULSE

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def held(now: datetime, head_office: User) -> None:
    tick(now=now, pulse=NO_PULSE, start=lambda *_names, **_arguments: None)
    holds.hold(kind=HoldKind.BACKLOG, reason="系统停机约 30 分钟，恢复后有 300 条待发。", now=now)


class TestThePage:
    def test_explains_every_job(self, manager: User, client_as: As) -> None:
        page = client_as(manager).get("/jobs/").content.decode()
        assert all(job.sentence in page for job in JOBS)

    def test_shows_the_words_of_a_failed_run(self, manager: User, client_as: As, now: datetime) -> None:
        JobRun.objects.create(
            job="open_greetings",
            slot="1",
            started_at=now,
            heartbeat_at=now,
            finished_at=now,
            failed=2,
            note="坏了",
        )
        assert "坏了" in client_as(manager).get("/jobs/").content.decode()

    def test_says_that_the_log_is_sealed_late(self, manager: User, client_as: As, now: datetime) -> None:
        client = client_as(manager)
        audit_seals.seal(now=now + timedelta(minutes=1))
        assert "封存滞后" not in client.get("/jobs/").content.decode()
        audit.log(action="test.thing.done", subject="x", by=None, now=now)
        assert "封存滞后" in client.get("/jobs/").content.decode()

    def test_is_not_for_account_managers(self, lin: User, client_as: As) -> None:
        assert client_as(lin).get("/jobs/").status_code == 403

    def test_asks_few_questions(
        self,
        held: None,
        head_office: User,
        client_as: As,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = client_as(head_office)
        client_as(head_office).get("/jobs/")  # the calendar is then held in memory
        with django_assert_max_num_queries(15):
            client.get("/jobs/")


class TestAHold:
    def test_is_lifted_by_head_office(self, held: None, head_office: User, client_as: As) -> None:
        client = client_as(head_office)
        assert "确认并继续发送" in client.get("/jobs/").content.decode()
        page = client.post("/jobs/resume/", follow=True).content.decode()
        assert "已恢复对客户的发送" in page
        assert TickState.objects.get().held_since is None

    def test_lifted_twice_says_so(self, held: None, head_office: User, client_as: As) -> None:
        client = client_as(head_office)
        client.post("/jobs/resume/")
        assert "无需恢复" in client.post("/jobs/resume/", follow=True).content.decode()

    def test_is_not_lifted_by_anybody_else(self, held: None, manager: User, client_as: As) -> None:
        client = client_as(manager)
        assert "确认并继续发送" not in client.get("/jobs/").content.decode()
        assert client.post("/jobs/resume/").status_code == 403
        assert TickState.objects.get().held_since is not None

    def test_is_not_lifted_by_looking(self, held: None, head_office: User, client_as: As) -> None:
        assert client_as(head_office).get("/jobs/resume/").status_code == 405


class TestTheHealthPage:
    def test_needs_no_login_and_tells_no_data(self, client: Client) -> None:
        answer = client.get("/healthz")
        assert (answer.status_code, set(answer.json())) == (
            200,
            {
                "pages",
                "jobs",
                "tick_age",
                "oldest_due",
                "seals",
                "unsealed_age",
                "calendar",
                "calendar_days",
            },
        )

    def test_says_that_the_jobs_are_late(self, client: Client, held: None) -> None:
        assert client.get("/healthz").json()["jobs"] == "late"

    def test_says_that_the_log_is_not_sealed(self, client: Client, now: datetime) -> None:
        assert client.get("/healthz").json()["seals"] == "ok"
        audit.log(action="test.thing.done", subject="x", by=None, now=now)
        told = client.get("/healthz").json()
        assert (told["seals"], told["unsealed_age"] > 120) == ("late", True)
