"""Rows that are only added or only closed, tried past the services, on the database the tests run on."""

import importlib
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations import RunPython

from crm.models import LogEntry
from crm.services import audit
from servicing.models import Commitment, CommitmentEvent, Evidence, ServiceStandard
from servicing.models.commitment import EventKind
from tests.factories import servicing as make

MIGRATIONS = (
    "crm.migrations.0002_log_is_only_added_to",
    "servicing.migrations.0002_standards_are_immutable",
    "servicing.migrations.0005_a_breach_stays",
)


def _steps() -> Iterator[RunPython]:
    for name in MIGRATIONS:
        yield from importlib.import_module(name).Migration.operations


def _present() -> set[str]:
    table, column = (
        ("pg_trigger", "tgname") if connection.vendor == "postgresql" else ("sqlite_master", "name")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {table} WHERE {column} LIKE '%_is_kept' OR {column} LIKE '%_stays'"
        )
        return {row[0] for row in cursor.fetchall()}


class _Editor:
    """As much of a schema editor as the steps need, inside the test's own transaction."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def triggers(db: None) -> None:
    """The triggers of the migrations; a database made without migrations gets them for the test."""
    if not _present():
        for step in _steps():
            step.code(None, _Editor())


class TestAPublishedStandard:
    @pytest.mark.parametrize(
        "change",
        [
            {"amount": 99},
            {"unit": "hours"},
            {"wording": "随便"},
            {"tiers": ["gold"]},
            {"pause_reasons": []},
            {"active_from": datetime.fromisoformat("2020-01-01T00:00:00+08:00")},
            {"sourced": False},
            {"digest": "x"},
        ],
    )
    def test_is_never_changed(self, change: dict[str, object]) -> None:
        with (
            pytest.raises(IntegrityError, match="a published standard is never changed"),
            transaction.atomic(),
        ):
            ServiceStandard.objects.filter(code="PA-17.1").update(**change)
        assert ServiceStandard.objects.get(code="PA-17.1").amount == 5

    def test_is_closed_once_and_never_reopened(self, now: datetime) -> None:
        row = ServiceStandard.objects.filter(code="PA-17.1")
        assert row.update(active_to=now) == 1
        for again in (now + timedelta(days=1), None):
            with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
                row.update(active_to=again)

    def test_cannot_be_changed_under_the_cover_of_closing_it(self, now: datetime) -> None:
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            ServiceStandard.objects.filter(code="PA-17.1").update(active_to=now, amount=6)

    def test_every_column_is_watched(self) -> None:
        module = importlib.import_module(MIGRATIONS[1])
        columns = {field.column for field in ServiceStandard._meta.concrete_fields}
        assert set(module.STANDARD_COLUMNS) == columns


class TestTheLogOfActs:
    def test_is_never_changed(self, now: datetime) -> None:
        entry = audit.log(action="crm.test.done", subject="x:1", by=None, now=now)
        with pytest.raises(IntegrityError, match="a log entry is never changed"), transaction.atomic():
            LogEntry.objects.filter(pk=entry.pk).update(reason="另有隐情")


class TestAPromisesHistory:
    @pytest.fixture
    def promise(self, silver: object) -> Commitment:
        return make.promise(silver)

    def test_events_are_never_changed(self, promise: Commitment, now: datetime) -> None:
        event = CommitmentEvent.objects.create(
            commitment=promise, kind=EventKind.WARNED, at=now, noticed_at=now
        )
        with pytest.raises(IntegrityError, match="an event of a promise"), transaction.atomic():
            CommitmentEvent.objects.filter(pk=event.pk).update(at=now - timedelta(days=1))

    def test_evidence_is_never_changed(self, promise: Commitment, now: datetime) -> None:
        proof = Evidence.objects.create(commitment=promise, kind="call", reference="T-1", at=now)
        with pytest.raises(IntegrityError, match="evidence is never changed"), transaction.atomic():
            Evidence.objects.filter(pk=proof.pk).update(reference="T-2")


class TestABreach:
    @pytest.fixture
    def broken(self, silver: object) -> Commitment:
        row = make.promise(silver)
        Commitment.objects.filter(pk=row.pk).update(breached_at=row.due_at)
        row.refresh_from_db()
        return row

    def test_is_never_taken_back(self, broken: Commitment) -> None:
        with pytest.raises(IntegrityError, match="a breach is never undone"), transaction.atomic():
            Commitment.objects.filter(pk=broken.pk).update(breached_at=None)

    def test_never_moves_with_its_due_time(self, broken: Commitment) -> None:
        later = broken.due_at + timedelta(days=1)
        with pytest.raises(IntegrityError, match="a breach is never undone"), transaction.atomic():
            Commitment.objects.filter(pk=broken.pk).update(breached_at=later, due_at=later)

    def test_keeps_its_due_time(self, broken: Commitment) -> None:
        later = broken.due_at + timedelta(days=1)
        with pytest.raises(IntegrityError, match="a breach is never undone"), transaction.atomic():
            Commitment.objects.filter(pk=broken.pk).update(due_at=later)

    def test_leaves_the_rest_of_the_row_free(self, broken: Commitment, now: datetime) -> None:
        row = Commitment.objects.filter(pk=broken.pk)
        assert row.update(look_again_at=now, version=7, breached_at=broken.due_at, due_at=broken.due_at) == 1

    def test_that_has_not_happened_lets_the_due_time_move(self, silver: object) -> None:
        row = make.promise(silver)
        later = row.due_at + timedelta(days=1)
        assert Commitment.objects.filter(pk=row.pk).update(due_at=later) == 1


class TestADatabaseMadeByMigrations:
    def test_has_them_all(self) -> None:
        assert _present() >= {
            "servicing_servicestandard_is_kept",
            "servicing_commitmentevent_is_kept",
            "servicing_evidence_is_kept",
            "crm_logentry_is_kept",
            "servicing_commitment_breached_at_stays",
        }
