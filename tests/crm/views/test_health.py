"""What machines ask without a login, and the page on which head office reads the same."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.backup import shelf
from crm.models import AuditSeal, Customer, JobRun, Message, TickState, User
from crm.models.job import HoldKind
from crm.selectors import work_health
from crm.services import audit, audit_seals, holds
from crm.services.tick import tick
from servicing.models import Commitment
from tests.factories import crm as make
from tests.factories import servicing
from tests.factories.sending import NO_PULSE, greeting

As = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ticked(now: datetime, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A house that ticked this second, with a backup of an hour ago, on a machine with room."""
    settings.BACKUP_FOLDER = tmp_path
    settings.HEALTH_DISK_WARN_MB = settings.HEALTH_DISK_ALARM_MB = 1
    (tmp_path / shelf.name_of(now - timedelta(hours=1))).touch()
    # the tests' clock stands in March, a database server's does not
    monkeypatch.setattr(work_health, "SKEW", timedelta.max)
    with time_machine.travel(now, tick=False):
        tick(now=now, pulse=NO_PULSE, start=lambda *_names, **_arguments: None)
        JobRun.objects.update(finished_at=now)
        yield


def ask(client: Client, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz/work", headers=headers)
    return answer.status_code, answer.json()


def levels(client: Client) -> dict[str, str]:
    found: dict[str, str] = ask(client)[1]["levels"]
    return {key: level for key, level in found.items() if level != "ok"}


class TestAHouseAtWork:
    def test_is_well(self, client: Client) -> None:
        status, body = ask(client)
        assert (status, body["state"], body["reasons"]) == (200, "ok", [])
        assert body["figures"]["tick_age"] == 0

    def test_names_nobody(self, client: Client, gold: Customer) -> None:
        greeting(make.contact(gold, "张伟"), make.NOW)
        text = client.get("/healthz/work").content.decode() + client.get("/metrics").content.decode()
        assert "张伟" not in text and "金海" not in text and "lin" not in text.split()


class TestAPromiseThatNobodyLooksAt:
    @pytest.mark.parametrize(
        ("seconds", "level", "status"),
        [(120, None, 200), (121, "warn", 200), (600, "warn", 200), (601, "alarm", 503)],
    )
    def test_is_told_by_its_age(
        self, seconds: int, level: str | None, status: int, client: Client, silver: Customer, now: datetime
    ) -> None:
        row = servicing.promise(silver)
        Commitment.objects.filter(pk=row.pk).update(look_again_at=now - timedelta(seconds=seconds))
        assert levels(client).get("oldest_promises") == level
        assert ask(client)[0] == status

    def test_is_not_late_while_the_clock_is_in_doubt(
        self, client: Client, silver: Customer, now: datetime
    ) -> None:
        row = servicing.promise(silver)
        Commitment.objects.filter(pk=row.pk).update(look_again_at=now - timedelta(hours=1))
        holds.hold(kind=HoldKind.CLOCK, reason="系统时钟跳变", now=now)
        assert levels(client) == {"held": "warn"}


@pytest.mark.only_on("postgresql")  # SQLite has no clock of its own
class TestADatabaseWhoseClockDiffers:
    def test_is_an_alarm(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        assert levels(client) == {}
        monkeypatch.setattr(work_health, "SKEW", timedelta(seconds=5))
        assert levels(client) == {"clock_skew": "alarm"}


class TestOtherSigns:
    def test_an_old_tick_is_an_alarm(self, client: Client, now: datetime) -> None:
        TickState.objects.update(ticked_at=now - timedelta(seconds=181))
        assert levels(client) == {"tick_age": "alarm"}
        TickState.objects.all().delete()
        assert levels(client)["tick_age"] == "alarm"

    def test_an_old_message_is_an_alarm(self, client: Client, gold: Customer, now: datetime) -> None:
        message = greeting(make.contact(gold), now)
        Message.objects.filter(pk=message.pk).update(next_try_at=now - timedelta(seconds=601))
        assert levels(client) == {"oldest_message": "alarm"}

    def test_an_unknown_send_is_worth_a_word(self, client: Client, gold: Customer, now: datetime) -> None:
        greeting(make.contact(gold), now)
        Message.objects.update(state="unknown")
        assert levels(client) == {"unknown_sends": "warn"}

    def test_a_run_that_stands_still_is_worth_a_word(self, client: Client, now: datetime) -> None:
        then = now - timedelta(seconds=121)
        JobRun.objects.create(job="x", slot="1", started_at=then, heartbeat_at=then)
        assert levels(client) == {"stalled_runs": "warn"}

    def test_an_unsealed_log_is_worth_a_word_then_an_alarm(self, client: Client, now: datetime) -> None:
        audit_seals.seal(now=now + timedelta(minutes=1))
        AuditSeal.objects.exists()
        audit.log(action="crm.test.done", subject="x:1", by=None, now=now - timedelta(seconds=121))
        assert levels(client) == {"unsealed_age": "warn"}
        audit.log(action="crm.test.done", subject="x:1", by=None, now=now)
        with time_machine.travel(now + timedelta(seconds=500), tick=False):
            assert levels(client)["unsealed_age"] == "alarm"

    def test_a_full_disk_is_an_alarm(self, client: Client, settings: Any) -> None:
        settings.HEALTH_DISK_ALARM_MB = 10**9
        assert levels(client) == {"disk_free_mb": "alarm"}

    @pytest.mark.parametrize(("hours", "level"), [(26, None), (27, "warn"), (53, "alarm")])
    def test_an_old_backup_is_told_by_its_age(
        self, hours: int, level: str | None, client: Client, now: datetime, tmp_path: Path
    ) -> None:
        for path in shelf.files(tmp_path):
            path.unlink()
        assert levels(client) == {"backup_age": "warn"}
        (tmp_path / shelf.name_of(now - timedelta(hours=hours))).touch()
        assert levels(client).get("backup_age") == level

    def test_a_missing_calendar_is_worth_a_word(self, client: Client) -> None:
        with time_machine.travel(datetime.fromisoformat("2026-11-02T10:00:00+08:00"), tick=False):
            assert levels(client)["calendar_days"] == "warn"
        with time_machine.travel(datetime.fromisoformat("2026-11-01T10:00:00+08:00"), tick=False):
            assert "calendar_days" not in levels(client)


class TestWhoMayAsk:
    @pytest.mark.parametrize("path", ["/healthz/work", "/metrics"])
    def test_from_elsewhere_there_is_nothing(self, path: str) -> None:
        assert Client(REMOTE_ADDR="10.1.2.3").get(path).status_code == 404
        assert Client().get(path, headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404
        assert Client(REMOTE_ADDR="").get(path).status_code == 404

    def test_a_named_network_may(self, settings: Any) -> None:
        settings.HEALTH_ADDRESSES = ["10.1.0.0/16"]
        assert Client(REMOTE_ADDR="10.1.2.3").get("/metrics").status_code == 200
        assert Client(REMOTE_ADDR="10.2.2.3").get("/metrics").status_code == 404

    def test_whoever_has_the_token_may(self, settings: Any) -> None:
        far = Client(REMOTE_ADDR="10.1.2.3")
        assert far.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
        settings.HEALTH_TOKEN = "secret"
        assert far.get("/metrics", headers={"Authorization": "Bearer secret"}).status_code == 200
        assert far.get("/metrics", headers={"Authorization": "Bearer Secret"}).status_code == 404


class TestReadiness:
    def test_is_given_without_a_broker_and_says_so(self, client: Client, settings: Any) -> None:
        settings.CELERY_BROKER_URL = "redis+socket:///tmp/nobody-listens.sock"
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["broker"]) == (200, "away")
        assert "消息代理没有应答" in answer.json()["reasons"][0]

    def test_is_refused_with_a_migration_missing(self, client: Client) -> None:
        newest = MigrationRecorder.Migration.objects.filter(app="servicing").order_by("-name")[0]
        MigrationRecorder.Migration.objects.filter(pk=newest.pk).delete()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["migrations"]) == (503, "missing")
        assert "manage.py migrate" in answer.json()["reasons"][0]


class TestThePage:
    def test_says_what_to_do(self, head_office: User, client_as: As, now: datetime) -> None:
        client = client_as(head_office)
        assert "请清理磁盘" not in client.get("/system/").content.decode()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "HEALTH_DISK_ALARM_MB", 10**9)
            page = client.get("/system/").content.decode()
        assert "请清理磁盘或扩容" in page and "告警" in page

    def test_asks_few_questions(
        self,
        head_office: User,
        client_as: As,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = client_as(head_office)
        with django_assert_max_num_queries(14):
            client.get("/system/")

    def test_is_not_for_account_managers(self, lin: User, client_as: As) -> None:
        assert client_as(lin).get("/system/").status_code == 403


class TestTheFigures:
    def test_count_requests_work_and_acts(self, client: Client, gold: Customer, now: datetime) -> None:
        greeting(make.contact(gold), now)
        audit.log(action="crm.contact.revealed", subject="x:1", by=None, now=now)
        audit.log(action="crm.list.exported", subject="x:1", by=None, now=now)
        client.get("/login/")
        text = client.get("/metrics").content.decode()
        for line in (
            'jiannuo_messages{outcome="planned"} 1.0',
            'jiannuo_acts_total{act="reveal"} 1.0',
            'jiannuo_acts_total{act="export"} 1.0',
            "jiannuo_queue_depth 1.0",
            'jiannuo_health{sign="tick_age"} 0.0',
            'jiannuo_request_seconds_count{method="GET",status="2xx",view="login"}',
        ):
            assert line in text, line

    def test_are_those_of_all_web_processes_together(self, tmp_path: Path) -> None:
        env = os.environ | {
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "crm.settings",
        }
        setup = "import django; django.setup(); from crm import metrics as m;"
        count = "m.REQUESTS.labels('login', 'GET', '2xx').observe(0.1)"
        read = (
            "from prometheus_client import CollectorRegistry, generate_latest;"
            "from prometheus_client.multiprocess import MultiProcessCollector as C;"
            "r = CollectorRegistry(); C(r); print(generate_latest(r).decode())"
        )
        for script in (setup + count, setup + count):
            subprocess.run([sys.executable, "-c", script], env=env, check=True)
        done = subprocess.run(
            [sys.executable, "-c", read], env=env, check=True, capture_output=True, text=True
        )
        assert 'jiannuo_request_seconds_count{method="GET",status="2xx",view="login"} 2.0' in done.stdout
