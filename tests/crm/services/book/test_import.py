"""A book of customers goes in: what a dry run says, what a commit writes, and what a second commit leaves."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crm.book.lines import Outcome
from crm.models import Contact, Customer, LogEntry, Policy, User
from crm.rights import NotAllowed
from crm.services import book, customers
from tests.crm.book.workbooks import (
    CONTACT_HEADER,
    CUSTOMER_HEADER,
    POLICY_HEADER,
    TIER_HEADER,
    small_book,
    workbook,
)
from tests.crm.services.book.plans import counts, sentences
from tests.factories import crm as make
from tiers.models import Assignment


def commit(tmp_path: Path, sheets: dict[str, Any], by: User, now: datetime) -> book.Plan:
    """This function will write sheets to a file and commit it."""
    path = workbook(tmp_path / "book.xlsx", sheets)
    return book.commit_file(path=path, name="book.xlsx", by=by, now=now)


class TestARightBook:
    def test_is_planned_without_writing_anything(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        path = small_book(tmp_path / "b.xlsx")
        before = LogEntry.objects.count()
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        assert counts(plan) == {"total": 7, "new": 7}, sentences(plan)
        assert (Customer.objects.count(), Contact.objects.count(), LogEntry.objects.count()) == (0, 0, before)

    def test_is_written_with_one_log_row_each_and_one_for_the_batch(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        before = LogEntry.objects.count()
        plan = book.commit_file(path=small_book(tmp_path / "b.xlsx"), name="b.xlsx", by=manager, now=now)
        assert counts(plan) == {"total": 7, "new": 7}, sentences(plan)
        assert LogEntry.objects.count() - before == 8
        batch = LogEntry.objects.get(action="crm.book.imported")
        assert (batch.subject, batch.by) == (f"crm.book:{plan.scope.batch}", manager)
        assert batch.after["new"] == 7
        customer = Customer.objects.get(number="K1")
        assert (customer.owner, customer.branch.code, customer.name_initials) == (lin, "120101", "bhcgjxyxgs")
        assert customer.tier_shown == "silver"
        assert Assignment.objects.get(customer=customer).level == "silver"
        policy = Policy.objects.get(number="P1")
        assert (policy.premium_fen, policy.effective_date) == (1_234_560, date(2026, 1, 2))
        first, second = Contact.objects.filter(customer=customer).order_by("role")
        assert (first.phone_masked, first.birth_date) == ("139****0001", date(1970, 5, 6))
        assert (second.birthday_calendar, second.birth_month, second.birth_day, second.birth_leap_month) == (
            "lunar",
            4,
            6,
            True,
        )
        assert Contact.objects.get(customer__number="K2").role == "self"

    def test_changes_nothing_the_second_time(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        path = small_book(tmp_path / "b.xlsx")
        book.commit_file(path=path, name="b.xlsx", by=manager, now=now)
        sealed = list(Contact.objects.order_by("pk").values_list("phone_sealed", flat=True))
        before = LogEntry.objects.count()
        plan = book.commit_file(path=path, name="b.xlsx", by=manager, now=now)
        assert counts(plan) == {"total": 7, "unchanged": 7}, sentences(plan)
        assert LogEntry.objects.count() == before + 1
        assert list(Contact.objects.order_by("pk").values_list("phone_sealed", flat=True)) == sealed


class TestAKnownCustomer:
    def test_is_updated_by_what_is_filled_and_nothing_else(
        self, tmp_path: Path, lin: User, lead: User, manager: User, now: datetime
    ) -> None:
        known = make.customer("旧名公司", owner=lin, number="K9", stage="prospect")
        plan = commit(
            tmp_path, {"客户": [CUSTOMER_HEADER, ("K9", None, "新名公司", None, "he")]}, manager, now
        )
        assert counts(plan) == {"total": 1, "update": 1}, sentences(plan)
        known.refresh_from_db()
        assert (known.name, known.owner, known.stage, known.kind, known.version) == (
            "新名公司",
            lead,
            "prospect",
            "organisation",
            2,
        )
        log = LogEntry.objects.get(action="crm.customer.changed")
        assert (log.before, log.after) == (
            {"name": "旧名公司", "owner": "lin"},
            {"name": "新名公司", "owner": "he"},
        )

    def test_keeps_kind_and_branch(self, tmp_path: Path, lin: User, head_office: User, now: datetime) -> None:
        make.customer("旧名公司", owner=lin, number="K9")
        rows = [CUSTOMER_HEADER, ("K9", "个人", None, "1201", None)]
        plan = commit(tmp_path, {"客户": rows}, head_office, now)
        assert counts(plan) == {"total": 1, "error": 1}
        assert len(plan.lines[0].reasons) == 2

    def test_person_keeps_a_birthday_that_the_file_leaves_empty(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        customer = make.customer("某公司", owner=lin, number="K9")
        make.contact(
            customer,
            "王芳",
            birthday_calendar="lunar",
            birth_month=8,
            birth_day=15,
            id_no="110101198001010010",
            now=now,
        )
        rows = [CONTACT_HEADER, ("K9", "第一服务对象", "王芳", "董事长", None, "110101198001010010")]
        plan = commit(tmp_path, {"服务对象": rows}, manager, now)
        assert counts(plan) == {"total": 1, "update": 1}, sentences(plan)
        person = Contact.objects.get()
        assert (person.title, person.birth_month, person.birth_day) == ("董事长", 8, 15)

    def test_person_is_recognised_by_id_number_and_renamed(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        customer = make.customer("某公司", owner=lin, number="K9")
        make.contact(customer, "王方", id_no="110101198001010010")
        rows = [CONTACT_HEADER, ("K9", "第一服务对象", "王芳", None, None, "110101198001010010")]
        plan = commit(tmp_path, {"服务对象": rows}, manager, now)
        assert counts(plan) == {"total": 1, "update": 1}, sentences(plan)
        assert Contact.objects.get().name == "王芳"


class TestRowsInError:
    def test_tell_all_their_reasons_and_stop_nobody(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        header = (*CUSTOMER_HEADER, "特大型客户")
        rows = [
            header,
            ("K1", "公司", None, "9999", "nobody", "也许"),
            ("K2", "单位", "好公司", "120101", "lin", None),
        ]
        plan = commit(tmp_path, {"客户": rows}, manager, now)
        assert counts(plan) == {"total": 2, "new": 1, "error": 1}
        assert [reason.column for reason in plan.lines[0].reasons] == [
            "类型",
            "特大型客户",
            "机构代码",
            "客户经理工号",
            "名称",
        ]
        assert Customer.objects.get().number == "K2"

    def test_name_the_cell_of_a_figure(self, tmp_path: Path, lin: User, manager: User, now: datetime) -> None:
        make.customer("某公司", owner=lin, number="K9")
        rows = [CONTACT_HEADER, ("K9", "第一服务对象", "王芳", None, 13900000001, 4.4010119900101e17)]
        plan = commit(tmp_path, {"服务对象": rows}, manager, now)
        assert [str(reason)[:8] for reason in plan.lines[0].reasons] == ["手机：E2 是数", "证件号码：F2 "]
        assert Contact.objects.count() == 0

    def test_of_a_customer_hold_back_its_persons(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        sheets = {
            "客户": [CUSTOMER_HEADER, ("K1", "单位", "某公司", "120101", "nobody")],
            "服务对象": [CONTACT_HEADER, ("K1", "第一服务对象", "王芳")],
        }
        plan = commit(tmp_path, sheets, manager, now)
        assert counts(plan) == {"total": 2, "error": 2}
        assert "“客户”表第 2 行" in sentences(plan)[-1]

    def test_third_person_of_a_role_is_refused(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        customer = make.customer("某公司", owner=lin, number="K9")
        make.contact(customer, "甲")
        rows = [CONTACT_HEADER, *[("K9", "第一服务对象", name) for name in ("乙", "丙", "甲")]]
        plan = commit(tmp_path, {"服务对象": rows}, manager, now)
        assert [line.outcome for line in plan.lines] == [Outcome.NEW, Outcome.ERROR, Outcome.UNCHANGED]

    def test_twins_are_set_aside_or_refused(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        row = ("K1", "单位", "某公司", "120101", "lin")
        rows = [CUSTOMER_HEADER, row, row, ("K1", "单位", "另一公司", "120101", "lin")]
        plan = commit(tmp_path, {"客户": rows}, manager, now)
        assert [line.outcome for line in plan.lines] == [Outcome.NEW, Outcome.DUPLICATE, Outcome.ERROR]

    def test_solar_birthday_must_agree_with_the_id_number(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        make.customer("某公司", owner=lin, number="K9")
        rows = [
            CONTACT_HEADER,
            ("K9", "第一服务对象", "王芳", "", "", "110101198001010010", "", "1980-01-02"),
        ]
        plan = commit(tmp_path, {"服务对象": rows}, manager, now)
        assert "不一致" in sentences(plan)[0]

    def test_tier_that_reaches_behind_another_is_refused(
        self, tmp_path: Path, gold: Customer, manager: User, now: datetime
    ) -> None:
        rows = [TIER_HEADER, (gold.number, "银牌", "2025-06-01", ""), (gold.number, "金牌", "2026-03-01", "")]
        path = workbook(tmp_path / "b.xlsx", {"层级": rows[:2]})
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        assert counts(plan) == {"total": 1, "error": 1}
        plan = commit(tmp_path, {"层级": [rows[0], rows[2]]}, manager, now)
        assert counts(plan) == {"total": 1, "unchanged": 1}
        plan = commit(
            tmp_path, {"层级": [TIER_HEADER, (gold.number, "普通", "2026-03-09", "")]}, manager, now
        )
        assert counts(plan) == {"total": 1, "update": 1}
        gold.refresh_from_db()
        assert gold.tier_shown in {"", "ordinary"}


class TestScope:
    def test_other_branches_cannot_be_written(
        self, tmp_path: Path, lin: User, zhou: User, manager: User, now: datetime
    ) -> None:
        theirs = make.customer("石家庄某公司", owner=zhou, number="K8")
        sheets = {
            "客户": [
                CUSTOMER_HEADER,
                ("K8", "单位", "改名", None, None),
                ("K1", "单位", "新公司", "130101", "zhou"),
            ],
            "服务对象": [CONTACT_HEADER, ("K8", "第一服务对象", "王芳")],
            "层级": [TIER_HEADER, ("K8", "金牌", "2026-01-01", "")],
        }
        plan = commit(tmp_path, sheets, manager, now)
        assert counts(plan) == {"total": 4, "error": 4}
        theirs.refresh_from_db()
        assert theirs.name == "石家庄某公司"

    def test_a_number_of_another_branch_is_refused_before_anything_is_written(
        self, tmp_path: Path, lin: User, zhou: User, manager: User, now: datetime
    ) -> None:
        make.customer("石家庄某公司", owner=zhou, number="K8")
        rows = [CUSTOMER_HEADER, ("K8", "单位", "抢注的公司", "120101", "lin")]
        path = workbook(tmp_path / "b.xlsx", {"客户": rows})
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        assert sentences(plan) == ["客户号：K8 不在您可写的机构范围内"]

    def test_owner_must_be_able_to_see_the_customer(
        self, tmp_path: Path, zhou: User, manager: User, now: datetime
    ) -> None:
        rows = [CUSTOMER_HEADER, ("K1", "单位", "新公司", "120101", "zhou")]
        plan = commit(tmp_path, {"客户": rows}, manager, now)
        assert "看不到这位客户" in sentences(plan)[0]

    def test_an_account_manager_may_not_import(self, tmp_path: Path, lin: User, now: datetime) -> None:
        with pytest.raises(NotAllowed):
            book.commit_file(path=small_book(tmp_path / "b.xlsx"), name="b.xlsx", by=lin, now=now)

    def test_policy_of_another_customer_stays_there(
        self, tmp_path: Path, gold: Customer, silver: Customer, manager: User, now: datetime
    ) -> None:
        policy = make.policy(gold, number="P7")
        rows = [POLICY_HEADER, ("P7", silver.number, None, None, "1", None, None, None)]
        plan = commit(tmp_path, {"保单": rows}, manager, now)
        assert counts(plan) == {"total": 1, "error": 1}
        policy.refresh_from_db()
        assert policy.customer == gold


class TestSomebodyElseIsFaster:
    def test_the_row_in_the_way_is_told_and_the_others_go_in(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        path = small_book(tmp_path / "b.xlsx")
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        make.customer("抢先登记的公司", owner=lin, number="K1")
        book.carry_out(plan)
        assert counts(plan) == {"total": 7, "new": 2, "error": 5}, sentences(plan)
        assert "刚刚保存的内容冲突" in sentences(plan)[0]
        assert all("没有写入" in sentence for sentence in sentences(plan))
        assert Contact.objects.get().customer.number == "K2"
        assert not Policy.objects.exists()

    def test_a_customer_changed_meanwhile_is_not_overwritten(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        known = make.customer("旧名公司", owner=lin, number="K9")
        path = workbook(
            tmp_path / "b.xlsx", {"客户": [CUSTOMER_HEADER, ("K9", None, "文件里的名称", None, None)]}
        )
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        customers.change_customer(customer=known, version=known.version, name="别人改的名称", by=lin, now=now)
        book.carry_out(plan)
        assert counts(plan) == {"total": 1, "error": 1}
        known.refresh_from_db()
        assert known.name == "别人改的名称"

    def test_the_same_file_again_brings_in_what_was_held_back(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        path = small_book(tmp_path / "b.xlsx")
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        taken = make.customer("抢先登记的公司", owner=lin, number="K1")
        book.carry_out(plan)
        plan = book.commit_file(path=path, name="b.xlsx", by=manager, now=now)
        assert counts(plan) == {"total": 7, "new": 4, "update": 1, "unchanged": 2}, sentences(plan)
        taken.refresh_from_db()
        assert taken.name == "滨海晨光机械有限公司"
