"""Opens a branch from the command line: the first thing a new installation needs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from crm.management.doors import add_by, person, plain_refusals
from crm.models import Branch
from crm.models.staff import BranchKind
from crm.services import branches


class Command(BaseCommand):
    """The door of `crm.services.branches.open_branch`."""

    help = "开设机构：先开总公司（--kind head_office），再在它下面逐级开设。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the branch, its storey and what it stands under."""
        parser.add_argument("code", metavar="机构代码")
        parser.add_argument("name", metavar="名称")
        parser.add_argument("--kind", required=True, choices=BranchKind.values, help="层级")
        parser.add_argument("--parent", metavar="上级机构代码", default="", help="总公司不填")
        parser.add_argument("--grade", choices=["A", "B"], default="B", help="机构类别，默认 B")
        add_by(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will open the branch and say where it stands."""
        with plain_refusals():
            parent = branch_of(options["parent"]) if options["parent"] else None
            branch = branches.open_branch(
                name=options["name"],
                code=options["code"],
                kind=options["kind"],
                grade=options["grade"],
                parent=parent,
                by=person(options["by"]),
                now=now(),
            )
        self.stdout.write(f"已开设：{branch.name}（{branch.code}，{branch.get_kind_display()}）。")


def branch_of(code: str) -> Branch:
    """This function will find a branch by its code; an unknown one ends the command with one sentence."""
    found = Branch.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"没有机构代码为“{code}”的机构，请核对。")
    return found
