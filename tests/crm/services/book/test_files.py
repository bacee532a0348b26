"""The files around an import: failures to upload again, the template, csv, and what a dry run shows of a file."""

from datetime import datetime
from pathlib import Path

import pytest
from python_calamine import load_workbook

from crm.book import writing
from crm.models import Customer, User
from crm.services import book
from tests.crm.book.workbooks import CUSTOMER_HEADER, TIER_HEADER, workbook
from tests.crm.services.book.plans import counts, sentences


class TestTheListOfFailures:
    def test_is_uploaded_again_as_it_is(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        rows = [
            ("2026 年客户清单",),
            ("备注", *CUSTOMER_HEADER),
            ("=1+1", "K1", "公司", "@某公司", "120101", "lin"),
            ("", 4.40e17, "单位", "好公司", "120101", "lin"),
        ]
        path = workbook(tmp_path / "book.xlsx", {"客户": rows})
        plan = book.commit_file(path=path, name="book.xlsx", by=manager, now=now)
        again = tmp_path / "失败明细.xlsx"
        again.write_bytes(writing.failures(plan.tables))
        cells = load_workbook(str(again)).get_sheet_by_name("客户").to_python()
        assert cells[0] == ["备注", *CUSTOMER_HEADER, "行号", "失败原因"]
        assert cells[1][:4] == ["=1+1", "K1", "公司", "@某公司"]
        assert (cells[1][6], cells[2][1]) == ("3", "4.4E+17")
        second = book.plan_file(path=again, name=again.name, by=manager, now=now)
        assert counts(second) == {"total": 2, "error": 2}
        assert second.tables[0].unknown == ["备注"]

    def test_says_so_where_nothing_failed(self) -> None:
        assert writing.failures([]).startswith(b"PK")


class TestTheTemplate:
    def test_is_itself_an_empty_book(self, tmp_path: Path, manager: User, now: datetime) -> None:
        path = tmp_path / "t.xlsx"
        path.write_bytes(writing.template(book.sheets()))
        plan = book.plan_file(path=path, name="t.xlsx", by=manager, now=now)
        assert [table.sheet.title for table in plan.tables] == ["客户", "服务对象", "保单", "保费", "层级"]
        assert (counts(plan), plan.aside) == ({}, ["说明"])


class TestCsv:
    @pytest.mark.parametrize(
        ("encoding", "label"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")]
    )
    def test_is_read_in_every_encoding_of_a_branch(
        self, tmp_path: Path, lin: User, manager: User, now: datetime, encoding: str, label: str
    ) -> None:
        path = tmp_path / "客户.csv"
        text = ",".join(CUSTOMER_HEADER) + '\r\nK1,单位,"晨光,㐱記\n公司",120101,lin\r\n'
        path.write_bytes(text.encode(encoding))
        plan = book.commit_file(path=path, name="客户.csv", by=manager, now=now)
        assert counts(plan) == {"total": 1, "new": 1}, sentences(plan)
        assert plan.encoding == label
        assert Customer.objects.get().name == "晨光,㐱記 公司"

    def test_is_recognised_by_its_header(
        self, tmp_path: Path, gold: Customer, manager: User, now: datetime
    ) -> None:
        path = tmp_path / "x.csv"
        path.write_text("\t".join(TIER_HEADER) + f"\n{gold.number}\t普通\t2026-03-01\t\n", encoding="utf-8")
        plan = book.plan_file(path=path, name="x.csv", by=manager, now=now)
        assert [table.sheet.title for table in plan.tables] == ["层级"]


class TestWhatTheDryRunShows:
    def test_hidden_rows_and_sheets_left_aside_and_unknown_columns(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        rows = [(*CUSTOMER_HEADER, "保费（万元）"), ("K1", "单位", "某公司", "120101", "lin", 3)]
        path = workbook(tmp_path / "b.xlsx", {"客户": rows, "草稿": [("x",)]}, hidden=[1])
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        assert (plan.hidden_rows, plan.aside, plan.tables[0].unknown) == (2, ["草稿"], ["保费（万元）"])

    def test_causes_grouped_with_their_first_rows(
        self, tmp_path: Path, lin: User, manager: User, now: datetime
    ) -> None:
        rows = [CUSTOMER_HEADER, *[(f"K{i}", f"怪{i}", "某公司", "120101", "lin") for i in range(9)]]
        path = workbook(tmp_path / "b.xlsx", {"客户": rows})
        plan = book.plan_file(path=path, name="b.xlsx", by=manager, now=now)
        (cause,) = plan.causes()
        assert (cause.sheet, cause.reason.column, cause.count, cause.rows) == (
            "客户",
            "类型",
            9,
            (2, 3, 4, 5, 6),
        )
