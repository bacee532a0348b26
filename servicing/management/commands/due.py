"""Works out when something is due under a standard, and prints the arithmetic."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import now

from crm import iso
from crm.management.doors import PlainCommand, plain_refusals
from crm.refusal import Refusal
from crm.selectors import calendars, house_rules
from crm.time.clocks import Due
from servicing import trial
from servicing.clocks import KINDS, TIERS, NoClockForKind, TierIsUnknown, choose_clock
from servicing.management import printing
from servicing.models import ServiceStandard
from servicing.selectors import standards

STATES = {"open": "进行中", "paused": "已暂停", "overdue": "已超时"}


class TierDoesNotFit(Refusal):
    """The standard is for other tiers."""


class Command(PlainCommand):
    """The door of the trial calculation."""

    help = "时效试算：从某一时刻起算，按服务标准算出到期时间，并列出逐日的算法。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the clock, its start, pauses and the moment it is looked at."""
        parser.add_argument("--clock", help="服务标准编号，如 PA-17.1；或事项（如 issue）配合 --tier")
        parser.add_argument("--at", help="起算时刻，如 2026-02-12T10:00；不写时区即北京时间")
        parser.add_argument("--tier", help="起算时的层级：ordinary、silver、gold")
        parser.add_argument(
            "--pause", action="append", default=[], metavar="起/止", help="可多次；仍在暂停写成 起/"
        )
        parser.add_argument("--as-of", dest="as_of", help="以哪一时刻的所知判断状态，默认现在")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will compute and print; whatever is wrong with the input is one sentence."""
        if not options["clock"] or not options["at"]:
            raise CommandError("请写明 --clock 和 --at，如：due --clock PA-17.1 --at 2026-02-12T10:00。")
        with plain_refusals():
            as_of = iso.moment(options["as_of"]) if options["as_of"] else None
            standard, due = self._work_out(options, as_of)
        judged_at = as_of or now()
        if options["json"]:
            data = trial.as_data(standard.code, due, judged_at=judged_at)
            self.stdout.write(json.dumps(data, ensure_ascii=False))
        else:
            self._print(standard, due, judged_at)

    def _work_out(self, options: dict[str, Any], as_of: datetime | None) -> tuple[ServiceStandard, Due]:
        at = iso.moment(options["at"])
        standard = _standard(options["clock"], options["tier"], at)
        due = trial.work_out(
            standard,
            at,
            calendar=calendars.current(),
            rules=house_rules.current().time_rules(),
            pauses=[trial.read_pause(text) for text in options["pause"]],
            as_of=as_of,
        )
        return standard, due

    def _print(self, standard: ServiceStandard, due: Due, judged_at: datetime) -> None:
        self.stdout.write(f"{standard.code} {standard.name}：{standard.wording}")
        for line in printing.arithmetic(due):
            self.stdout.write(line)
        self.stdout.write(f"状态 {STATES[due.state(judged_at)]}")


def _standard(clock: str, tier: str | None, at: datetime) -> ServiceStandard:
    """The version in force at the start; a kind of request instead of a code is chosen by tier."""
    if tier is not None and tier not in TIERS:
        raise TierIsUnknown(f"没有“{tier}”这个层级；可用：{'、'.join(TIERS)}。")
    if clock in KINDS:
        if tier is None:
            raise TierIsUnknown(f"“{clock}”的时限随层级而定，请用 --tier 写明：{'、'.join(TIERS)}。")
        choice = choose_clock(clock, tier=tier)
        code = choice.company or choice.ceiling
        if code is None:
            raise NoClockForKind(f"“{clock}”对 {tier} 客户无时限承诺。")
        return standards.in_force(code, at)
    found = standards.in_force(clock, at)
    if tier is not None and found.tiers and tier not in found.tiers:
        raise TierDoesNotFit(
            f"“{found.code}”只适用于 {'、'.join(found.tiers)}，不适用于 {tier}；请核对 --tier。"
        )
    return found
