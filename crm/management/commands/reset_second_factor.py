"""Takes away somebody's second factor on the server, where no second administrator is left to do it."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now

from crm.management.doors import PlainCommand, person, plain_refusals
from crm.services import second_factors


class Command(PlainCommand):
    """The door of `crm.services.second_factors.reset` that needs no login."""

    help = "重置一个人的二次验证，下次登录时重新登记；没有另一位总公司管理员可以办理时使用。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will take whose and why."""
        parser.add_argument("number", metavar="工号")
        parser.add_argument("--reason", required=True, metavar="理由")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will reset it and say so."""
        with plain_refusals():
            who = person(options["number"])
            if who is not None:
                second_factors.reset(user=who, by=None, reason=options["reason"], now=now())
        self.stdout.write(f"已重置 {who} 的二次验证，所有登录已结束。")
