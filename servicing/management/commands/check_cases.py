"""规则自检: runs case files against the product's own functions."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now

from crm.house_rules import HouseRules
from crm.management.doors import PlainCommand, plain_refusals, text_of
from crm.selectors import calendars, house_rules
from crm.time.shipped import shipped_calendar
from servicing.cases.comparing import shown
from servicing.cases.reader import Case, read_cases
from servicing.cases.registry import House
from servicing.cases.running import Miss, run_all
from servicing.catalogue import in_book
from servicing.selectors import standards


class Command(PlainCommand):
    """The door of the self-check; it reads cases, runs them and reports."""

    help = "规则自检：用例（JSONL）逐条与产品的实际结果比对。默认按规则手册的设置、日历和标准；--installed 按本机构的。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the files and whose settings hold."""
        parser.add_argument("files", nargs="+", metavar="文件")
        parser.add_argument("--installed", action="store_true", help="使用本机构的设置、日历和服务标准")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will run all cases; the last line counts them, and the exit status is 1 if any failed."""
        with plain_refusals():
            cases = [case for path in options["files"] for case in read_cases(text_of(path), path)]
            counts = self._run(cases, _house(installed=options["installed"]))
        self.stdout.write(
            f"{counts['passed']} passed, {counts['failed']} failed, {counts['unknown']} unknown"
        )
        if counts["failed"]:
            sys.exit(1)

    def _run(self, cases: list[Case], house: House) -> Counter[str]:
        counts: Counter[str] = Counter()
        for outcome in run_all(cases, house):
            counts[outcome.status] += 1
            for miss in outcome.misses:
                self._report(outcome.case, miss)
        return counts

    def _report(self, case: Case, miss: Miss) -> None:
        self.stdout.write(f"✗ {case.id} {miss.key}（{case.where}）")
        self.stdout.write(f"  expected: {shown(miss.expected)}")
        self.stdout.write(f"  got: {miss.refusal or shown(miss.got)}")
        self.stdout.write(f"  why: {case.why}")


def _house(*, installed: bool) -> House:
    """The rule book's house, or this institution's with what is in force now."""
    door = now()
    if installed:
        rules = house_rules.current()
        return House(calendars.current(), rules, lambda code: standards.in_force(code, door), door)
    return House(shipped_calendar(), HouseRules(), in_book, door)
