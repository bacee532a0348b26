"""`manage.py tick`: a beat without a broker, the word after a hold, and the health check."""

from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from crm.models import JobRun, LogEntry, Message, TickState, User
from crm.models.job import HoldKind
from crm.schedule import JOBS
from crm.services import holds
from tests.factories import crm as make
from tests.factories.sending import greeting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing_still(now: datetime, settings: Any, tmp_path: Path) -> Any:
    settings.MESSAGE_FOLDER = tmp_path
    settings.BACKUP_FOLDER, settings.BACKUP_KEY = tmp_path / "backups", "a" * 64
    with time_machine.travel(now, tick=False):
        yield


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("tick", *arguments, stdout=out)
    return out.getvalue()


class TestATick:
    def test_does_all_that_is_due_and_says_so(self, now: datetime) -> None:
        contact = make.contact(make.customer(), consented_at=now, consent_source="投保单")
        message = greeting(contact, now, message_class="service")
        periodic = [job for job in JOBS if not job.per_day]
        assert f"展开 8 天，执行 {len(periodic)} 项作业，失败 0 项。" in run()
        message.refresh_from_db()
        assert message.state == "accepted"
        assert not JobRun.objects.filter(finished_at=None).exists()

    def test_again_in_the_same_minute_does_nothing_more(self) -> None:
        run()
        assert "展开 0 天，执行 0 项作业" in run()


class TestTheWordAfterAHold:
    def test_lets_messages_go_and_names_the_person(self, head_office: User, now: datetime) -> None:
        run()
        holds.hold(kind=HoldKind.BACKLOG, reason="积压", now=now)
        assert "已恢复" in run("--resume", "--by", "tang")
        assert TickState.objects.get().held_since is None
        assert LogEntry.objects.filter(action="crm.sending.resumed", by=head_office).exists()

    def test_without_a_hold_is_refused(self) -> None:
        with pytest.raises(CommandError, match="无需恢复"):
            run("--resume")


class TestTheHealthCheck:
    def test_fails_before_the_first_tick(self) -> None:
        with pytest.raises(CommandError, match="还没有运行过"):
            run("--check")

    def test_passes_after_it(self) -> None:
        run()
        assert "上次自动检查在 不到 1 分钟前，没有积压" in run("--check")

    def test_fails_when_something_has_been_due_for_long(self, now: datetime) -> None:
        run()
        contact = make.contact(make.customer(), consented_at=now, consent_source="投保单")
        message = greeting(contact, now)
        Message.objects.filter(pk=message.pk).update(next_try_at=now.replace(hour=9))
        with pytest.raises(CommandError, match="最早一件已等 1 小时"):
            run("--check")

    def test_does_not_count_what_waits_for_a_person(self, now: datetime, head_office: User) -> None:
        run()
        contact = make.contact(make.customer(), consented_at=now, consent_source="投保单")
        message = greeting(contact, now)
        Message.objects.filter(pk=message.pk).update(next_try_at=now.replace(hour=9))
        holds.hold(kind=HoldKind.BACKLOG, reason="积压", now=now)
        Message.objects.filter(kind="sending_held").delete()
        assert "上次自动检查在" in run("--check")


class TestAJobThatFails:
    def test_makes_the_command_fail_and_names_the_job(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_arguments: object) -> None:
            raise RuntimeError("no")

        monkeypatch.setattr("crm.services.delivery.deliver", fail)
        with pytest.raises(CommandError, match="deliver_messages"):
            run()
        assert JobRun.objects.get(job="deliver_messages").note == "RuntimeError: no"
