"""后台任务 on screen: progress that stops asking, a warning when nothing moves, cancelling and going on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now as read_clock

from crm.models import LongJob, User
from crm.services import long_jobs
from tests.factories import counting

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(lin: User) -> LongJob:
    return counting.request(lin, read_clock())


def page(client: Client, job: LongJob) -> str:
    return client.get(f"/jobs/work/{job.pk}/").content.decode()


class TestWorkThatGoesOn:
    def test_is_asked_for_every_two_seconds(self, lin: User, client_as: As, job: LongJob) -> None:
        answer = client_as(lin).get(f"/jobs/work/{job.pk}/", headers=HTMX)
        assert answer.status_code == 200
        assert 'hx-trigger="every 2s"' in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_says_its_state_in_words(self, lin: User, client_as: As, job: LongJob) -> None:
        assert 'role="status"' in page(client_as(lin), job)
        assert "正在排队" in page(client_as(lin), job)

    def test_warns_when_nothing_moves(self, lin: User, client_as: As, job: LongJob) -> None:
        assert "超过 60 秒无进展" not in page(client_as(lin), job)
        LongJob.objects.update(heartbeat_at=read_clock() - timedelta(seconds=90))
        assert "超过 60 秒无进展" in page(client_as(lin), job)


class TestWorkThatEnded:
    def test_answers_286_so_that_nobody_asks_again(self, lin: User, client_as: As, job: LongJob) -> None:
        long_jobs.work(clock=read_clock)
        answer = client_as(lin).get(f"/jobs/work/{job.pk}/", headers=HTMX)
        assert (answer.status_code, answer["HX-Refresh"]) == (286, "true")
        assert "hx-trigger" not in answer.content.decode()

    def test_is_an_ordinary_page_for_a_person(self, lin: User, client_as: As, job: LongJob) -> None:
        long_jobs.work(clock=read_clock)
        assert client_as(lin).get(f"/jobs/work/{job.pk}/").status_code == 200


class TestSteering:
    def test_cancel_and_resume(self, lin: User, client_as: As, job: LongJob) -> None:
        client = client_as(lin)
        client.post(f"/jobs/work/{job.pk}/cancel/")
        assert "已取消" in page(client, job)
        client.post(f"/jobs/work/{job.pk}/resume/")
        assert "正在排队" in page(client, job)

    def test_too_late_says_so(self, lin: User, client_as: As, job: LongJob) -> None:
        long_jobs.work(clock=read_clock)
        answer = client_as(lin).post(f"/jobs/work/{job.pk}/cancel/", follow=True)
        assert "已经结束" in answer.content.decode()

    def test_is_not_for_who_only_watches(self, manager: User, client_as: As, job: LongJob) -> None:
        client = client_as(manager)
        assert "取消任务" not in page(client, job)
        assert client.post(f"/jobs/work/{job.pk}/cancel/").status_code == 403

    def test_is_for_the_head_office(self, head_office: User, client_as: As, job: LongJob) -> None:
        client_as(head_office).post(f"/jobs/work/{job.pk}/cancel/")
        job.refresh_from_db()
        assert job.state == "cancelled"


class TestOtherPeople:
    def test_of_the_same_office_without_the_right_see_nothing(
        self, agent: User, client_as: As, job: LongJob
    ) -> None:
        assert client_as(agent).get(f"/jobs/work/{job.pk}/").status_code == 404

    def test_work_of_nobody_is_seen_from_the_root_only(
        self, manager: User, head_office: User, client_as: As, now: datetime
    ) -> None:
        job = counting.request(None, now)
        assert client_as(manager).get(f"/jobs/work/{job.pk}/").status_code == 404
        assert client_as(head_office).get(f"/jobs/work/{job.pk}/").status_code == 200


class TestTheJobsPage:
    def test_lists_what_was_asked_for_with_its_progress(
        self, manager: User, client_as: As, job: LongJob
    ) -> None:
        text = client_as(manager).get("/jobs/").content.decode()
        assert "数到头" in text
        assert "0 / 35" in text

    def test_shows_no_code_names(self, manager: User, client_as: As) -> None:
        text = client_as(manager).get("/jobs/").content.decode()
        assert "open_greetings" not in text
        assert "节拍" not in text
