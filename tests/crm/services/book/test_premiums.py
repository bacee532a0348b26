"""The 保费 sheet: what was received and given back, once each, on policies of ours or of the same file."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.models import LogEntry, Policy, Premium, User
from crm.services import book
from tests.crm.book.workbooks import CUSTOMER_HEADER, POLICY_HEADER, workbook
from tests.crm.services.book.plans import counts, sentences
from tests.factories import crm as make

HEADER = ("保单号", "收付号", "收付日期", "金额（元）", "保单年度", "期次")
PAID = ("P1", "S1", date(2026, 1, 5), "3,000.50", 1, 1)

pytestmark = pytest.mark.django_db


def commit(tmp_path: Path, rows: list[Any], by: User, now: datetime, **sheets: Any) -> book.Plan:
    path = workbook(tmp_path / "b.xlsx", {**sheets, "保费": [HEADER, *rows]})
    return book.commit_file(path=path, name="b.xlsx", by=by, now=now)


@pytest.fixture
def policy(lin: User) -> Policy:
    return make.policy(make.customer("滨海晨光", owner=lin, number="K1"), number="P1")


class TestAPremium:
    def test_is_booked_on_its_policy(
        self, tmp_path: Path, policy: Policy, manager: User, now: datetime
    ) -> None:
        plan = commit(tmp_path, [PAID], manager, now)

        assert counts(plan) == {"total": 1, "new": 1}, sentences(plan)
        row = Premium.objects.get()
        assert (row.policy, row.number, row.paid_on) == (policy, "S1", date(2026, 1, 5))
        assert (row.amount_fen, row.policy_year, row.instalment) == (300_050, 1, 1)
        log = LogEntry.objects.get(action="crm.premium.booked")
        assert (log.customer, log.after["amount_fen"]) == (policy.customer, 300_050)

    def test_is_booked_once_however_often_it_is_sent(
        self, tmp_path: Path, policy: Policy, manager: User, now: datetime
    ) -> None:
        commit(tmp_path, [PAID], manager, now)
        again = commit(tmp_path, [PAID, PAID], manager, now)

        assert counts(again) == {"total": 2, "unchanged": 1, "duplicate": 1}
        assert Premium.objects.count() == 1

    def test_is_corrected_by_what_is_filled_and_nothing_else(
        self, tmp_path: Path, policy: Policy, manager: User, now: datetime
    ) -> None:
        commit(tmp_path, [PAID], manager, now)
        plan = commit(tmp_path, [("P1", "S1", None, "3,100.00", None, None)], manager, now)

        assert counts(plan) == {"total": 1, "update": 1}, sentences(plan)
        row = Premium.objects.get()
        assert (row.amount_fen, row.paid_on, row.policy_year) == (310_000, date(2026, 1, 5), 1)
        log = LogEntry.objects.get(action="crm.premium.corrected")
        assert (log.before, log.after["amount_fen"]) == ({"amount_fen": 300_050}, 310_000)

    def test_that_was_given_back_is_negative(
        self, tmp_path: Path, policy: Policy, manager: User, now: datetime
    ) -> None:
        rows = [
            ("P1", f"T{i}", date(2026, 1, 9), cell, 1, 1)
            for i, cell in enumerate(("-300.00", -300, "−￥300元"))
        ]
        plan = commit(tmp_path, rows, manager, now)

        assert counts(plan) == {"total": 3, "new": 3}, sentences(plan)
        assert set(Premium.objects.values_list("amount_fen", flat=True)) == {-30_000}

    def test_finds_the_policy_and_the_customer_of_its_own_file(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        customers = [CUSTOMER_HEADER, ("K1", "单位", "滨海晨光", "120101", "lin")]
        policies = [
            POLICY_HEADER,
            ("P1", "K1", "团体意外险", "团体寿险", "12,000", "年交", date(2026, 1, 1), date(2026, 12, 31)),
        ]
        plan = commit(tmp_path, [PAID], manager, now, 客户=customers, 保单=policies)

        assert counts(plan) == {"total": 3, "new": 3}, sentences(plan)
        assert Premium.objects.get().customer.number == "K1"


class TestARowThatCannotStand:
    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (("P9", "S1", date(2026, 1, 5), "1", 1, 1), "还没有登记"),
            (("P1", None, date(2026, 1, 5), "1", 1, 1), "没有填写"),
            (("P1", "S1", date(2026, 1, 5), "0.00", 1, 1), "不能为零"),
            (("P1", "S1", date(2026, 1, 5), "1.005", 1, 1), "最多两位小数"),
            (("P1", "S1", date(2026, 1, 5), "一千", 1, 1), "退费前面加负号"),
            (("P1", "S1", date(2026, 1, 5), "1", 0, 1), "请填 1 到 120 的整数"),
            (("P1", "S1", date(2026, 1, 5), "1", 1, 13), "请填 1 到 12 的整数"),
            (("P1", "S1", date(2026, 1, 5), "1", None, 1), "新增时必填"),
        ],
    )
    def test_is_refused_with_its_reason(
        self, tmp_path: Path, policy: Policy, manager: User, now: datetime, row: Any, sentence: str
    ) -> None:
        plan = commit(tmp_path, [row], manager, now)

        assert counts(plan) == {"total": 1, "error": 1}
        assert sentence in sentences(plan)[0]
        assert not Premium.objects.exists()

    @pytest.mark.parametrize(("ahead", "kept"), [(0, 1), (1, 0)])
    def test_is_one_of_tomorrow(
        self, tmp_path: Path, policy: Policy, manager: User, now: datetime, ahead: int, kept: int
    ) -> None:
        day = now.date() + timedelta(days=ahead)
        commit(tmp_path, [("P1", "S1", day, "1", 1, 1)], manager, now)

        assert Premium.objects.count() == kept

    def test_is_one_of_another_branch(self, tmp_path: Path, manager: User, zhou: User, now: datetime) -> None:
        make.policy(make.customer("石家庄钢铁", owner=zhou), number="P1")
        plan = commit(tmp_path, [PAID], manager, now)

        assert "不在您可写的机构范围内" in sentences(plan)[0]

    def test_waits_for_its_policy_to_be_put_right(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        make.customer("滨海晨光", owner=lin, number="K1")
        policies = [
            POLICY_HEADER,
            ("P1", "K1", "团体意外险", "寿险", "12,000", "年交", date(2026, 1, 1), None),
        ]
        plan = commit(tmp_path, [PAID], manager, now, 保单=policies)

        assert counts(plan) == {"total": 2, "error": 2}
        assert "“保单”表第 2 行" in sentences(plan)[-1]

    def test_says_another_thing_about_the_same_number(
        self, tmp_path: Path, policy: Policy, manager: User, now: datetime
    ) -> None:
        other = ("P1", "S1", date(2026, 1, 5), "4,000.00", 1, 1)
        plan = commit(tmp_path, [PAID, other], manager, now)

        assert counts(plan) == {"total": 2, "new": 1, "error": 1}


class TestTheTable:
    @pytest.mark.parametrize(
        "wrong", [{"amount_fen": 0}, {"year": 0}, {"year": 121}, {"instalment": 0}, {"instalment": 13}]
    )
    def test_holds_no_row_that_says_nothing(self, policy: Policy, wrong: dict[str, int]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make.premium(policy, **wrong)

    def test_holds_a_number_once_within_a_policy(self, policy: Policy) -> None:
        make.premium(policy, number="S1")
        make.premium(make.policy(policy.customer), number="S1")
        with pytest.raises(IntegrityError), transaction.atomic():
            make.premium(policy, number="S1")
