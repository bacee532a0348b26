"""Adds a member of staff from the command line, so that somebody can log in to a new installation."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from crm.management.commands.open_branch import branch_of
from crm.management.doors import add_by, person, plain_refusals
from crm.models import User
from crm.models.staff import Role
from crm.services import staff


class Command(BaseCommand):
    """The door of `crm.services.staff.add_person`."""

    help = "新增员工，随后输入密码（从终端输入两次，或由管道给出一行）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the person, where they work and as what. The password is never an argument."""
        parser.add_argument("number", metavar="工号")
        parser.add_argument("name", metavar="姓名")
        parser.add_argument("--branch", required=True, metavar="机构代码")
        parser.add_argument("--role", required=True, choices=Role.values, help="岗位")
        parser.add_argument("--supervisor", metavar="主管工号", default="")
        add_by(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will add the person and say who can log in."""
        with plain_refusals():
            branch = branch_of(options["branch"])
            draft = User(username=options["number"], name=options["name"], branch=branch)
            one = staff.add_person(
                username=draft.username,
                name=draft.name,
                branch=branch,
                role=options["role"],
                supervisor=person(options["supervisor"]),
                password=_password(draft),
                by=person(options["by"]),
                now=now(),
            )
        self.stdout.write(f"已新增：{one}，{one.get_role_display()}，{branch.name}。")


def _password(draft: User) -> str:
    """This function will read a password twice from a terminal, once from a pipe, and check it against the rules."""
    if sys.stdin.isatty():
        password = getpass("密码：")
        if getpass("再输入一次：") != password:
            raise CommandError("两次输入的密码不一样，请重新运行。")
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        validate_password(password, draft)
    except ValidationError:
        raise CommandError("密码不合要求：至少 12 个字符，不能是常见密码，也不能与工号、姓名相近。") from None
    return password
