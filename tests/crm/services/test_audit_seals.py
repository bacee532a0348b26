"""The log is sealed: what anybody changes behind the services' back is named."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from crm.models import AuditSeal, LogEntry
from crm.selectors import audit_seals as selectors
from crm.services import audit, audit_seals
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(seconds=30)


def act(name: str, at: datetime = make.NOW) -> LogEntry:
    return audit.log(action=f"test.{name}.done", subject="x", by=None, now=at, after={"数": [1, 2]})


def by_sql(statement: str, *values: Any) -> None:
    """This function will do what somebody with the database's password can do."""
    with connection.cursor() as cursor:
        for table in ("crm_logentry", "crm_auditseal"):
            for trigger in (f"{table}_is_kept", f"{table}_follows_on"):
                on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger}"{on}')
        cursor.execute(statement, values)


def verdict() -> str:
    """This function will run the command, and return its last line or what it complains of."""
    out = StringIO()
    try:
        call_command("verify_audit", stdout=out)
    except CommandError as error:
        return str(error)
    return out.getvalue().splitlines()[-1]


@pytest.fixture
def log() -> list[LogEntry]:
    """Three seals of two, two and one row."""
    rows = []
    for minute in range(3):
        at = make.NOW + timedelta(minutes=minute)
        rows += [act(f"thing{minute}", at) for _time in range(1 if minute == 2 else 2)]
        audit_seals.seal(now=at + timedelta(seconds=30))
    assert AuditSeal.objects.count() == 3
    return rows


class TestAWholeLog:
    def test_holds_and_is_counted(self, log: list[LogEntry]) -> None:
        assert f"操作记录 {LogEntry.objects.count()} 条" in verdict()
        assert "封条 3 段完好；没有未封存的记录" in verdict()

    def test_is_sealed_in_stretches_that_follow_on(self, log: list[LogEntry]) -> None:
        seals = list(AuditSeal.objects.order_by("pk"))
        assert [seal.previous for seal in seals] == ["0" * 64, seals[0].hash, seals[1].hash]
        assert [seal.first for seal in seals] == [1, seals[0].last + 1, seals[1].last + 1]

    def test_sealed_twice_gets_nothing_more(self, log: list[LogEntry]) -> None:
        assert audit_seals.seal(now=LATER + timedelta(hours=1)).done == 0
        assert AuditSeal.objects.count() == 3

    def test_longer_than_a_seal_gets_several(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for _time in range(5):
            act("thing")
        monkeypatch.setattr(audit_seals, "ROWS", 2)
        assert audit_seals.seal(now=LATER).done == LogEntry.objects.count()
        assert AuditSeal.objects.count() == -(-LogEntry.objects.count() // 2)
        assert "完好" in verdict()

    def test_knows_a_hash_noted_earlier(self, log: list[LogEntry]) -> None:
        call_command("verify_audit", knows=AuditSeal.objects.get(pk=2).hash, stdout=StringIO())
        with pytest.raises(CommandError, match="整体换过"):
            call_command("verify_audit", knows="ab" * 32, stdout=StringIO())


class TestAnEmptyLog:
    def test_is_not_sealed_and_holds(self) -> None:
        assert LogEntry.objects.count() == 0
        assert audit_seals.seal(now=LATER).done == 0
        assert verdict() == "操作记录 0 条、封条 0 段完好；没有未封存的记录。"


class TestARow:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("action", "test.other.done"),
            ("reason", "另有理由"),
            ("at", LATER),
            ("address", "10.0.0.9"),
            ("after", json.dumps({"数": [2, 1]})),
        ],
    )
    def test_changed_by_sql_is_named(self, log: list[LogEntry], column: str, value: object) -> None:
        by_sql(f"UPDATE crm_logentry SET {column} = %s WHERE id = %s", value, log[2].pk)
        assert f"操作记录 {log[2].pk} 被改动。\n在它之前：" in verdict()
        assert "封条 1 段完好" in verdict()

    @pytest.mark.only_on("sqlite")  # PostgreSQL keeps JSON that parses
    def test_that_no_longer_parses_is_named(self, log: list[LogEntry]) -> None:
        by_sql("PRAGMA ignore_check_constraints = ON")
        by_sql("UPDATE crm_logentry SET after = '{' WHERE id = %s", log[1].pk)
        named = verdict()
        by_sql("UPDATE crm_logentry SET after = NULL WHERE id = %s", log[1].pk)
        by_sql("PRAGMA ignore_check_constraints = OFF")
        assert f"操作记录 {log[1].pk} 被改动" in named

    def test_deleted_is_named(self, log: list[LogEntry]) -> None:
        by_sql("DELETE FROM crm_logentry WHERE id = %s", log[3].pk)
        assert f"操作记录 {log[3].pk} 被删除" in verdict()

    def test_inserted_afterwards_is_named(self, log: list[LogEntry]) -> None:
        by_sql("UPDATE crm_logentry SET id = 0 WHERE id = %s", log[4].pk)
        assert "操作记录 0 是封存以后插入的" in verdict()

    def test_inserted_into_an_empty_number_is_named(self) -> None:
        first, gone, last = act("first"), act("gone"), act("last")
        by_sql("DELETE FROM crm_logentry WHERE id = %s", gone.pk)
        audit_seals.seal(now=LATER)
        assert "个空号）" in verdict()
        gone.save(force_insert=True)
        assert first.pk < gone.pk < last.pk
        assert f"操作记录 {gone.pk} 是封存以后插入的" in verdict()

    def test_of_the_last_seconds_waits(self) -> None:
        act("thing", LATER - timedelta(seconds=4))
        assert audit_seals.seal(now=LATER).done == 0
        assert audit_seals.seal(now=LATER + timedelta(seconds=2)).done == 1

    def test_dated_ahead_by_a_clock_that_jumped_is_sealed_all_the_same(self) -> None:
        act("thing", LATER + timedelta(days=400))
        assert audit_seals.seal(now=LATER).done == 1


class TestASeal:
    @pytest.mark.parametrize("number", [1, 2])
    def test_deleted_is_named(self, log: list[LogEntry], number: int) -> None:
        by_sql("DELETE FROM crm_auditseal WHERE number = %s", number)
        assert f"第 {number} 段封条被删除" in verdict()

    @pytest.mark.parametrize("column", ["rows", "digests", "sealed_at", "hash"])
    def test_changed_is_named(self, log: list[LogEntry], column: str) -> None:
        other = {"rows": 1, "digests": "1 ab", "sealed_at": LATER + timedelta(days=9), "hash": "cd" * 32}
        by_sql(f"UPDATE crm_auditseal SET {column} = %s WHERE number = 2", other[column])
        assert "第 2 段封条被改动" in verdict()

    def test_replaced_by_one_that_is_right_in_itself_is_named(self, log: list[LogEntry]) -> None:
        by_sql("UPDATE crm_logentry SET reason = '改' WHERE id = %s", log[2].pk)
        seal = AuditSeal.objects.get(pk=2)
        seal.digests = "\n".join(f"{p} {d}" for p, d in selectors.digests(seal.first, seal.last).items())
        by_sql(
            "UPDATE crm_auditseal SET digests = %s, hash = %s WHERE number = 2",
            seal.digests,
            selectors.hash_of(seal),
        )
        assert "第 3 段封条与上一段不相接" in verdict()

    def test_is_never_changed(self, log: list[LogEntry]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditSeal.objects.filter(pk=1).update(rows=1)

    def test_that_overlaps_or_leaves_out_is_refused(self, log: list[LogEntry]) -> None:
        last = AuditSeal.objects.get(pk=3)
        for first in (last.last, last.last + 2):
            with pytest.raises(IntegrityError), transaction.atomic():
                AuditSeal.objects.create(
                    number=4,
                    first=first,
                    last=first + 5,
                    rows=1,
                    digests="",
                    previous=last.hash,
                    hash="ef" * 32,
                    sealed_at=LATER,
                )


class TestTwoSealersAtOnce:
    def test_seal_once(self) -> None:
        act("thing")
        mine, theirs = audit_seals.draw_up(now=LATER), audit_seals.draw_up(now=LATER)
        assert mine and theirs
        assert (audit_seals.keep(mine), audit_seals.keep(theirs)) == (True, False)
        assert AuditSeal.objects.count() == 1
        assert "完好" in verdict()

    def test_that_saw_different_ends_seal_once(self) -> None:
        act("thing")
        mine = audit_seals.draw_up(now=LATER)
        act("other")
        theirs = audit_seals.draw_up(now=LATER)
        assert mine and theirs
        assert (audit_seals.keep(theirs), audit_seals.keep(mine)) == (True, False)
        assert "完好" in verdict()


@pytest.mark.only_on("postgresql")  # SQLite gives numbers in the order of commits
@pytest.mark.django_db(transaction=True)
class TestATransactionThatEndsLate:
    """It took a lower number than a row that is already there."""

    @pytest.fixture
    def late(self) -> Iterator[object]:
        """A second connection with a transaction open."""
        other = connection.copy()
        other.set_autocommit(False)
        yield other
        other.close()

    def write(self, other: object) -> int:
        row = LogEntry(action="test.late.done", subject="x", at=make.NOW)
        with other.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(
                "INSERT INTO crm_logentry (at, action, subject, reason, request_id, address)"
                " VALUES (%s, %s, %s, '', '', '') RETURNING id",
                [row.at, row.action, row.subject],
            )
            return int(cursor.fetchone()[0])

    def test_is_waited_for(self, late: object) -> None:
        act("early")
        assert audit_seals.seal(now=LATER).done == 1
        act("before")
        number = self.write(late)
        after = act("after")
        assert audit_seals.seal(now=LATER).done == 1
        assert AuditSeal.objects.get(pk=2).last == number - 1
        assert audit_seals.seal(now=LATER).done == 0
        late.commit()  # type: ignore[attr-defined]
        assert audit_seals.seal(now=LATER).done == 2
        assert AuditSeal.objects.get(pk=3).last == after.pk
        assert "封条 3 段完好" in verdict()

    def test_without_its_row_leaves_an_empty_number(self, late: object) -> None:
        act("before")
        self.write(late)
        act("after")
        late.rollback()  # type: ignore[attr-defined]
        assert audit_seals.seal(now=LATER).done == 2
        assert "个空号）" in verdict()


class TestTheUnsealedTail:
    def test_alarms_after_two_minutes(self) -> None:
        act("thing")
        limit = make.NOW + timedelta(minutes=2)
        assert not selectors.tail(now=limit).alarm
        assert selectors.tail(now=limit + timedelta(seconds=1)).alarm
        assert "超过两分钟" in selectors.tail(now=limit + timedelta(seconds=1)).words()

    def test_is_gone_once_sealed(self) -> None:
        act("thing")
        audit_seals.seal(now=LATER)
        assert selectors.tail(now=LATER).age is None

    def test_is_said_by_the_last_line(self) -> None:
        act("thing")
        assert "封条 0 段完好；未封存的尾部已有" in verdict()
