"""An import changes a customer's keeper, or meets a customer that was merged since it was checked."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from crm.models import Customer, Handover, HandoverItem, Policy, User
from crm.services import book, merging
from tests.crm.book.workbooks import CUSTOMER_HEADER, POLICY_HEADER, workbook
from tests.crm.services.book.plans import sentences
from tests.crm.services.book.test_undo import imported, undone
from tests.factories import crm as make
from tests.factories import servicing as promise_floor
from tests.factories.api import machine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Settings) -> None:
    """Uploads lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def customer(lin: User) -> Customer:
    return make.customer("金海集团", owner=lin, number="K1")


def other_keeper(path: Path, keeper: str = "he") -> Path:
    rows = [CUSTOMER_HEADER, ("K1", None, None, None, keeper)]
    return workbook(path / "b.xlsx", {"客户": rows})


def handed(customer: Customer) -> list[tuple[str, str]]:
    items = HandoverItem.objects.filter(customer=customer).order_by("pk")
    return [(one.former.username, one.taker.username) for one in items]


class TestAKeeperInAFile:
    def test_is_a_hand_over_with_the_customers_work(
        self, tmp_path: Path, customer: Customer, lead: User, manager: User, now: datetime
    ) -> None:
        ticket = promise_floor.ticket(customer, "complaint", received_at=now)
        plan = book.commit_file(path=other_keeper(tmp_path), name="b.xlsx", by=manager, now=now)

        assert handed(customer) == [("lin", "he")], sentences(plan)
        row = Handover.objects.get()
        assert (row.by, row.reason, row.finished_at) == (manager, f"导入批次 {plan.scope.batch}", now)
        ticket.refresh_from_db()
        assert ticket.owner == lead

    def test_goes_back_when_the_import_is_undone(
        self, tmp_path: Path, customer: Customer, lead: User, manager: User, now: datetime
    ) -> None:
        batch = imported(other_keeper(tmp_path), manager, now)

        assert undone(batch, manager, now).state == "undone"
        assert handed(customer) == [("lin", "he"), ("he", "lin")]
        customer.refresh_from_db()
        assert customer.owner.username == "lin"

    def test_who_stays_is_none(
        self, tmp_path: Path, customer: Customer, manager: User, now: datetime
    ) -> None:
        rows = [CUSTOMER_HEADER, ("K1", None, "金海控股", None, "lin")]
        path = workbook(tmp_path / "b.xlsx", {"客户": rows})
        book.commit_file(path=path, name="b.xlsx", by=manager, now=now)

        assert not Handover.objects.exists()


class TestAKeeperSentByASystem:
    def test_is_a_hand_over_too(self, customer: Customer, lead: User, manager: User) -> None:
        answer = machine(manager).call("PUT", "/api/v1/customers/core/1", {"number": "K1", "owner": "he"})

        assert answer.json()["outcome"] == "updated"
        assert handed(customer) == [("lin", "he")]


class TestACustomerMergedSinceTheCheck:
    @pytest.mark.parametrize(
        "sheets",
        [
            {"客户": [CUSTOMER_HEADER, ("K1", None, "新名", None, None)]},
            {"保单": [POLICY_HEADER, ("P1", "K1", "意外险", "团体寿险", "1", "年交", "2026-01-01", None)]},
        ],
    )
    def test_takes_nothing_and_says_where_to(
        self, tmp_path: Path, customer: Customer, lin: User, manager: User, now: datetime, sheets: Any
    ) -> None:
        kept = make.customer("金海集团有限公司", owner=lin, number="K2")
        plan = book.plan_file(path=workbook(tmp_path / "b.xlsx", sheets), name="b.xlsx", by=manager, now=now)
        versions = (kept.version, customer.version)
        merging.merge(
            survivor=kept,
            merged=customer,
            versions=versions,
            taken_over=(),
            reason="重复开户",
            by=manager,
            now=now,
        )
        book.carry_out(plan)

        assert "K1 已并入 K2" in sentences(plan)[0]
        assert not Policy.objects.exists()
        customer.refresh_from_db()
        assert customer.name == "金海集团"
