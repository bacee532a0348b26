"""The command door of the import."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from crm.models import Customer, User
from tests.crm.book.workbooks import CUSTOMER_HEADER, small_book, workbook


def run(*arguments: str) -> str:
    """This function will run the command and return what it printed."""
    out = StringIO()
    call_command("import_book", *arguments, stdout=out)
    return out.getvalue()


class TestTheCommand:
    def test_dry_run_prints_counts_and_writes_nothing(self, tmp_path: Path, lin: User, manager: User) -> None:
        told = run(str(small_book(tmp_path / "b.xlsx")), "--dry-run", "--as", "guo")
        assert "合计：共 7 · 新增 7 · 更新 0 · 无变化 0 · 重复 0 · 错误 0" in told
        assert not Customer.objects.exists()

    def test_commit_prints_its_batch_and_the_causes_and_keeps_the_failures(
        self, tmp_path: Path, lin: User, manager: User
    ) -> None:
        rows = [
            CUSTOMER_HEADER,
            ("K1", "单位", "某公司", "120101", "lin"),
            ("K2", "单位", "某公司", "999", "lin"),
        ]
        out = tmp_path / "失败.xlsx"
        told = run(str(workbook(tmp_path / "b.xlsx", {"客户": rows})), "--failures", str(out))
        assert "批次号 DR" in told
        assert "1 行 · 客户 · 机构代码：没有这个机构" in told
        assert out.read_bytes().startswith(b"PK")
        assert Customer.objects.get().number == "K1"

    def test_refusals_become_one_sentence(self, tmp_path: Path, lin: User) -> None:
        bad = tmp_path / "b.xlsx"
        bad.write_bytes(b"no workbook")
        with pytest.raises(CommandError, match="不是 xlsx"):
            run(str(bad))
        with pytest.raises(CommandError, match="找不到文件"):
            run(str(tmp_path / "none.xlsx"))
        with pytest.raises(CommandError, match="没有工号"):
            run(str(bad), "--as", "nobody")
        with pytest.raises(CommandError, match="导入客户"):
            run(str(small_book(tmp_path / "c.xlsx")), "--as", "lin")
