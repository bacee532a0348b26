"""`manage.py verify_audit`: has anybody changed, deleted or inserted a row of the log behind our back?"""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import now

from crm.management.doors import PlainCommand, plain_refusals
from crm.selectors import audit_seals
from crm.selectors.audit_seals import Verdict


class Command(PlainCommand):
    """The door of `crm.selectors.audit_seals.verify`."""

    help = "逐段核对操作记录的封条；有记录或封条被改动、删除、插入时指出第一处，并以 1 退出。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will take a hash that somebody noted earlier."""
        parser.add_argument(
            "--knows", metavar="摘要", default="", help="以前记下的一段封条的摘要；整条链被重写过就找不到它"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will walk the seals and say what holds; the last line counts."""
        with plain_refusals():
            verdict = audit_seals.verify(knows=options["knows"])
            tail = audit_seals.tail(now=now())
        if verdict.finding:
            raise CommandError(f"{verdict.finding}。\n在它之前：{words(verdict)}。")
        if not verdict.known:
            raise CommandError(f"没有一段封条是 {options['knows']}：封条被整体换过，或摘要抄错了。")
        if verdict.seals:
            self.stdout.write(f"最后一段封条的摘要：{verdict.head}")
        self.stdout.write(f"{words(verdict)}；{tail.words()}。")


def words(verdict: Verdict) -> str:
    """This function will count what holds."""
    empty = f"（另有 {verdict.empty} 个空号）" if verdict.empty else ""
    return f"操作记录 {verdict.rows} 条{empty}、封条 {verdict.seals} 段完好"
