"""Nudges: sent after the commit, by a name that exists, and never at the caller's cost."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from crm import queue
from crm.celery import app
from crm.schedule import JOBS


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(queue, "knock", lambda _address: None)
    monkeypatch.setattr(queue._Away, "until", 0.0)
    task = app.tasks["crm.deliver_messages"]
    monkeypatch.setattr(task, "apply_async", lambda **_options: names.append(task.name))
    return names


class TestANudge:
    @pytest.mark.django_db(transaction=True)
    def test_leaves_after_the_commit(self, sent: list[str]) -> None:
        with transaction.atomic():
            queue.run_soon("crm.deliver_messages")
            assert sent == []
        assert sent == ["crm.deliver_messages"]

    @pytest.mark.django_db(transaction=True)
    def test_does_not_leave_when_the_change_failed(self, sent: list[str]) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            queue.run_soon("crm.deliver_messages")
            raise RuntimeError("the change failed")
        assert sent == []

    def test_to_an_unknown_task_is_a_mistake_of_ours(self) -> None:
        with pytest.raises(KeyError):
            queue.run_soon("crm.no_such_task")


class TestABrokerThatIsAway:
    @pytest.mark.django_db(transaction=True)
    def test_costs_the_caller_nothing(
        self, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/none.sock"
        monkeypatch.setattr(queue._Away, "until", 0.0)
        started = time.monotonic()
        for _nudge in range(20):
            queue.run_soon("crm.deliver_messages")
        assert time.monotonic() - started < 1

    @pytest.mark.django_db(transaction=True)
    def test_is_left_alone_for_a_while(self, sent: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        knocks: list[str] = []

        def away(address: str) -> None:
            knocks.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(queue, "knock", away)
        queue.run_soon("crm.deliver_messages")
        queue.run_soon("crm.deliver_messages")
        assert (len(knocks), sent) == (1, [])


class TestTheSchedule:
    def test_names_tasks_that_exist(self) -> None:
        assert [job.task for job in JOBS if job.task not in app.tasks] == []

    def test_explains_every_job_in_a_sentence_of_its_own(self) -> None:
        sentences = {job.sentence for job in JOBS}
        assert len(sentences) == len({job.name for job in JOBS}) == len(JOBS)
        assert all(sentence.endswith("。") for sentence in sentences)
