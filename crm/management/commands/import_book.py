"""The command door of the import: `manage.py import_book FILE [--dry-run] [--as USERNAME] [--failures OUT.xlsx]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from crm.book import writing
from crm.models import User
from crm.models.batch import BatchMode
from crm.refusal import Refusal
from crm.services import book


class Command(BaseCommand):
    """Reads a spreadsheet of customers and says what it would do, or does it."""

    help = "导入客户、服务对象、保单和层级（.xlsx 或 .csv）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """This function will name the arguments."""
        parser.add_argument("file", type=Path, help="要导入的文件")
        parser.add_argument("--dry-run", action="store_true", help="只试运行，不写入")
        parser.add_argument(
            "--as", dest="username", default="", help="以此工号的身份和机构范围导入；不填为全系统"
        )
        parser.add_argument(
            "--only", choices=["new", "update"], default="", help="new 只新增，update 只更新；不填为都写"
        )
        parser.add_argument("--failures", type=Path, help="把失败明细写到这个 .xlsx 文件")

    def handle(self, **options: Any) -> None:
        """This function will plan or commit the file and print the counts and the causes."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("找不到文件 %(path)s。") % {"path": path})
        by, moment = _person(options["username"]), now()
        try:
            if options["dry_run"]:
                plan = book.plan_file(path=path, name=path.name, by=by, now=moment)
            else:
                mode = options["only"] or BatchMode.BOTH
                plan = book.commit_file(path=path, name=path.name, by=by, now=moment, mode=mode)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        for line in report(plan, dry_run=options["dry_run"]):
            self.stdout.write(line)
        if options["failures"]:
            options["failures"].write_bytes(writing.failures(plan.tables))


def _person(username: str) -> User | None:
    if not username:
        return None
    person = User.objects.filter(username=username, is_active=True).select_related("branch").first()
    if person is None:
        raise CommandError(_("没有工号为 %(username)s 的在用员工。") % {"username": username})
    return person


def report(plan: book.Plan, *, dry_run: bool) -> list[str]:
    """This function will put a plan into lines: counts a sheet, what was left aside, causes, the batch number."""
    words = _(
        "%(title)s：共 %(total)d · 新增 %(new)d · 更新 %(update)d · 无变化 %(unchanged)d · 重复 %(duplicate)d · 错误 %(error)d"
    )
    lines = [words % {"title": table.title, **plan.counts(table)} for table in plan.tables]
    lines.append(words % {"title": _("合计"), **plan.counts()})
    lines += [_("未导入的工作表：%(title)s") % {"title": title} for title in plan.aside]
    if plan.hidden_rows:
        lines.append(_("文件中有 %(count)d 行被隐藏，也会一并导入。") % {"count": plan.hidden_rows})
    for cause in plan.causes():
        rows = "、".join(map(str, cause.rows))
        where = {"sheet": cause.sheet, "reason": cause.reason, "count": cause.count, "rows": rows}
        lines.append(_("  %(count)d 行 · %(sheet)s · %(reason)s（第 %(rows)s 行）") % where)
    lines.append(_("试运行，没有写入。") if dry_run else _("批次号 %(batch)s") % {"batch": plan.scope.batch})
    return lines
