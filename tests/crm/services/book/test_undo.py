"""Undoing an import: exactly what it did, all or nothing, for a day; and an import that is stopped half way."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from crm.models import Contact, Customer, ImportBatch, ImportRow, LogEntry, Occurrence, Policy, Premium, User
from crm.models.customer import CustomerStatus
from crm.services import book, long_jobs
from crm.services.book import committing
from crm.services.long_jobs import working
from tests.crm.book.workbooks import CUSTOMER_HEADER, TIER_HEADER, small_book, workbook
from tests.factories import crm as make
from tests.factories.tiers import give_tier
from tiers.models import Assignment
from tiers.selectors import tier_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> None:
    """Uploads lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"


def work(now: datetime) -> None:
    while long_jobs.work(clock=lambda: now).done:
        pass


def handed_in(path: Path, by: User, now: datetime) -> ImportBatch:
    batch, _new = book.hand_in(chunks=[path.read_bytes()], name="客户.xlsx", by=by, now=now)
    work(now)
    batch.refresh_from_db()
    return batch


def imported(path: Path, by: User, now: datetime) -> ImportBatch:
    batch = handed_in(path, by, now)
    book.confirm(batch=batch, mode="both", by=by, now=now)
    work(now)
    batch.refresh_from_db()
    return batch


def undone(batch: ImportBatch, by: User, now: datetime) -> ImportBatch:
    book.undo(batch=batch, by=by, now=now)
    work(now)
    batch.refresh_from_db()
    return batch


def standing() -> dict[str, Any]:
    """This function will read what people would see, without what an undo may leave behind."""
    seen = Customer.objects.exclude(status=CustomerStatus.WITHDRAWN)
    return {
        "customers": list(seen.order_by("number").values("number", "name", "stage", "tier_shown")),
        "contacts": list(
            Contact.objects.order_by("ref").values("name", "title", "phone_index", "birth_month")
        ),
        "premiums": list(Premium.objects.order_by("number").values("number", "amount_fen", "paid_on")),
        "policies": list(Policy.objects.order_by("number").values("number", "premium_fen", "status")),
        "levels": list(
            Assignment.objects.order_by("active_from").values("level", "active_from", "active_to")
        ),
    }


class TestABatchOfNewRows:
    def test_leaves_no_trace_but_the_log(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        before = standing()
        batch = undone(imported(small_book(tmp_path / "b.xlsx"), manager, now), manager, now + HOUR)

        assert (batch.state, standing()) == ("undone", before)
        assert LogEntry.objects.filter(action="crm.book.undone").count() == 1
        assert LogEntry.objects.filter(action="crm.book.row_undone").count() == 7
        assert LogEntry.objects.filter(action="crm.customer.recorded").count() == 2

    def test_can_be_imported_again(self, tmp_path: Path, lin: User, manager: User, now: datetime) -> None:
        first = undone(imported(small_book(tmp_path / "b.xlsx"), manager, now), manager, now)
        second = imported(small_book(tmp_path / "b.xlsx"), manager, now)
        assert second != first
        assert second.report["counts"]["new"] == 7

    def test_takes_along_what_was_only_planned(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        batch = imported(small_book(tmp_path / "b.xlsx"), manager, now)
        contact = Contact.objects.get(name="陈建国")
        Occurrence.objects.create(
            kind="birthday_greeting",
            subject=f"contact:{contact.pk}",
            occasion_date=date(2026, 5, 6),
            channel="sms",
            customer=contact.customer,
            contact=contact,
            starts_at=now,
            ends_at=now,
        )
        assert undone(batch, manager, now).state == "undone"


class TestABatchOfChanges:
    def test_gives_every_row_its_former_values(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        customer = make.customer("旧名称", owner=lin, number="K1")
        give_tier(customer, "silver", date(2026, 1, 1))
        before = standing()
        rows = [CUSTOMER_HEADER, ("K1", "", "新名称", "", "")]
        tiers = [TIER_HEADER, ("K1", "金牌", date(2026, 3, 1), "审批")]
        batch = imported(workbook(tmp_path / "b.xlsx", {"客户": rows, "层级": tiers}), manager, now)
        customer.refresh_from_db()
        assert (customer.name, tier_of(customer, "group_vip", now)) == ("新名称", "gold")

        assert undone(batch, manager, now).state == "undone"

        assert standing() == before
        assert tier_of(customer, "group_vip", now) == "silver"


class TestABatchOfPremiums:
    HEADER = ("保单号", "收付号", "收付日期", "金额（元）", "保单年度")

    def test_is_taken_back_to_the_fen(self, tmp_path: Path, lin: User, manager: User, now: datetime) -> None:
        policy = make.policy(make.customer("滨海晨光", owner=lin), number="P1")
        make.premium(policy, 5_000, number="S1")
        before = standing()
        rows = [
            self.HEADER,
            ("P1", "S1", date(2026, 1, 9), "60.00", 1),
            ("P1", "S2", date(2026, 2, 9), "70.00", 1),
        ]
        batch = imported(workbook(tmp_path / "b.xlsx", {"保费": rows}), manager, now)
        assert standing() != before

        assert undone(batch, manager, now).state == "undone"
        assert standing() == before

    def test_keeps_a_new_policy_that_others_have_paid_on(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        batch = imported(small_book(tmp_path / "b.xlsx"), manager, now)
        make.premium(Policy.objects.get(number="P1"))
        after = undone(batch, manager, now)

        assert after.job is not None
        assert after.job.result["left"][0]["why"] == "已有保单"
        assert after.job.result["left"][1] == {"sheet": "保单", "number": 2, "why": "已有实收保费"}


class TestARowTouchedSince:
    @pytest.fixture
    def batch(self, tmp_path: Path, lin: User, manager: User, now: datetime) -> ImportBatch:
        return imported(small_book(tmp_path / "b.xlsx"), manager, now)

    @pytest.mark.parametrize(
        ("touch", "sentence"),
        [
            (lambda: Contact.objects.filter(name="刘洋").update(title="主任"), "服务对象第 3 行已被修改"),
            (lambda: Policy.objects.all().delete(), "保单第 2 行已被删除"),
            (lambda: Customer.objects.filter(number="K2").update(version=9), "客户第 3 行已被修改"),
        ],
    )
    def test_keeps_the_whole_batch_and_is_named(
        self, batch: ImportBatch, manager: User, now: datetime, touch: Callable[[], Any], sentence: str
    ) -> None:
        touch()
        before = standing()

        after = undone(batch, manager, now)

        assert after.job is not None
        assert (after.state, after.job.state, standing()) == ("done", "failed", before)
        assert sentence in after.job.note
        assert not ImportRow.objects.filter(undone=True).exists()

    def test_that_others_stand_on_stays_and_is_told(
        self, batch: ImportBatch, manager: User, now: datetime
    ) -> None:
        make.contact(Customer.objects.get(number="K1"), "后来的人")
        after = undone(batch, manager, now)
        assert after.job is not None
        assert after.job.result["left"] == [{"sheet": "客户", "number": 2, "why": "已有服务对象"}]
        assert Customer.objects.get(number="K1").status == CustomerStatus.ACTIVE


class TestTheDayForUndoing:
    @pytest.mark.parametrize(
        ("age", "possible"), [(24 * HOUR, True), (24 * HOUR + timedelta(seconds=1), False)]
    )
    def test_ends_after_twenty_four_hours(
        self, tmp_path: Path, lin: User, manager: User, now: datetime, age: timedelta, possible: bool
    ) -> None:
        batch = imported(small_book(tmp_path / "b.xlsx"), manager, now)
        assert batch.may_be_undone(now + age) is possible
        if not possible:
            with pytest.raises(book.UndoIsTooLate):
                book.undo(batch=batch, by=manager, now=now + age)

    def test_twice_is_once(self, tmp_path: Path, lin: User, manager: User, now: datetime) -> None:
        batch = undone(imported(small_book(tmp_path / "b.xlsx"), manager, now), manager, now)
        assert undone(batch, manager, now).state == "undone"
        assert LogEntry.objects.filter(action="crm.book.undone").count() == 1


class TestAnImportStoppedHalfWay:
    @pytest.fixture
    def half(
        self, tmp_path: Path, lin: User, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> ImportBatch:
        batch = handed_in(small_book(tmp_path / "b.xlsx"), manager, now)
        monkeypatch.setattr(committing, "PIECE", 1)
        monkeypatch.setattr(working, "TURN_SECONDS", -1.0)
        book.confirm(batch=batch, mode="both", by=manager, now=now)
        long_jobs.work(clock=lambda: now)
        batch.refresh_from_db()
        assert batch.job is not None
        long_jobs.cancel(pk=batch.job.pk, by=manager, now=now)
        batch.refresh_from_db()
        return batch

    def test_keeps_what_is_done_and_says_so(self, half: ImportBatch) -> None:
        assert Customer.objects.count() == 1
        assert (half.state, half.report["partial"], half.report["counts"]["new"]) == ("done", True, 1)

    def test_goes_on_to_the_same_end(self, half: ImportBatch, manager: User, now: datetime) -> None:
        assert half.job is not None
        long_jobs.resume(pk=half.job.pk, by=manager, now=now + HOUR)
        work(now + HOUR)
        half.refresh_from_db()
        assert (half.state, half.report["counts"]["new"]) == ("done", 7)
        assert Customer.objects.filter(created_at=now).count() == 2

    def test_can_be_undone(self, half: ImportBatch, manager: User, now: datetime) -> None:
        assert undone(half, manager, now).state == "undone"
        assert standing()["customers"] == []
