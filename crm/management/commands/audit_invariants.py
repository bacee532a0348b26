"""`manage.py audit_invariants`: is every sentence about the data that must be true, true?"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import now

from crm.management.doors import PlainCommand, plain_refusals
from crm.services import invariants


class Command(PlainCommand):
    """The door of `crm.services.invariants.audit`."""

    help = "逐条核对数据必须成立的句子，列出不符的行；有一条不成立就以 1 退出，并当天告知总公司管理员一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will offer the times."""
        parser.add_argument("--times", action="store_true", help="写出每一条核对用了几秒")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will check all sentences; the last line counts."""
        with plain_refusals():
            found = invariants.audit(now=now())
        for one in found:
            time = f"（{one.seconds:.2f} 秒）" if options["times"] else ""
            self.stdout.write(
                f"{'✓' if one.holds else '✗'} {one.sentence if one.holds else one.words()}{time}"
            )
        broken = sum(not one.holds for one in found)
        if broken:
            raise CommandError(f"{len(found)} 条中有 {broken} 条不成立，请按上面的行号核对。")
        self.stdout.write(f"{len(found)} 条全部成立。")
