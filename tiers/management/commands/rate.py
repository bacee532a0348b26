"""Rates the customers of a scheme for a year, or tries it out."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.timezone import now as read_clock

from crm.management.doors import PlainCommand, add_by, person, plain_refusals
from crm.services import long_jobs
from tiers.models import RatingRun, Scheme
from tiers.models.run import RunState, Won
from tiers.selectors import ratings
from tiers.services import rating

# the schemes that rank customers against each other; the others follow figures of their own
RANKED = (Scheme.GROUP_VIP,)


class Command(PlainCommand):
    """The door of a rating."""

    help = "评定：按年度给客户排名定级。算完后在“评定”页面核对、提交，由另一位批准后发布。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the scheme, the year and what to print."""
        parser.add_argument("scheme", choices=[str(one) for one in RANKED], metavar="体系")
        parser.add_argument("year", type=int, metavar="年度")
        parser.add_argument("--dry-run", action="store_true", help="只试算，什么都不留下")
        parser.add_argument("--branch", help="银牌只列这一机构代码")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        add_by(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will compute the rating and print its lists."""
        with plain_refusals():
            found = self._found(options, read_clock())
        if options["branch"]:
            wanted = (None, options["branch"])
            found["lists"] = [one for one in found["lists"] if one["branch"] in wanted]
            if all(one["branch"] is None for one in found["lists"]):
                raise CommandError(
                    f"机构 {options['branch']} 没有银牌名额，请核对机构代码或先设置 silver_quota。"
                )
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._print(found, options["dry_run"])

    def _found(self, options: dict[str, Any], now: datetime) -> dict[str, Any]:
        corrects = (
            RatingRun.objects.filter(scheme=options["scheme"], year=options["year"], state=RunState.PUBLISHED)
            .order_by("-pk")
            .first()
        )
        if options["dry_run"]:
            return rating.try_out(year=options["year"], now=now, look=ratings.as_data, corrects=corrects)
        run = rating.request(year=options["year"], by=person(options["by"]), now=now, corrects=corrects)
        while run.state == RunState.COMPUTING and long_jobs.work(clock=read_clock).done:
            run.refresh_from_db()
        if run.state == RunState.COMPUTING:
            why = run.job.note if run.job else ""
            raise CommandError(why or f"第 {run.pk} 号评定由后台作业继续计算，请在“后台任务”里看进度。")
        return ratings.as_data(run)

    def _print(self, found: dict[str, Any], dry: bool) -> None:
        head = "试算，未留下任何数据" if dry else f"第 {found['run']} 号，待提交"
        self.stdout.write(f"{found['year']} 年度评定（{head}）")
        for one in found["lists"]:
            where = f" {one['branch']}" if one["branch"] else ""
            self.stdout.write(
                f"{Won(one['list']).label}{where}：名额 {one['places']}，候选 {one['candidates']}，入选 {one['taken']}"
            )
            self.stdout.write("  " + " ".join(one["members"]))
        for word, count in found["problems"].items():
            self.stdout.write(f"不参评：{word} {count} 户")
