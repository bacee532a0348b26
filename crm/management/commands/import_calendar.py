"""Reads a year's holiday notice from a file and settles what was provisional."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from crm.management.doors import add_by, person, plain_refusals, text_of
from crm.selectors import calendars as selectors
from crm.services import calendars


class Command(BaseCommand):
    """The door of `crm.services.calendars.import_notice`."""

    help = "导入一个年度的放假通知（TOML 文件，格式同 crm/calendars/cn/），暂定的期限随之转正。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will name the file and the acting person."""
        parser.add_argument("file", metavar="文件")
        add_by(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will import the file and say which days it lists and which it lacks."""
        text = text_of(options["file"])
        with plain_refusals():
            row = calendars.import_notice(text=text, by=person(options["by"]), now=now())
        listed = list(row.days.order_by("date"))
        off = sum(not day.working for day in listed)
        self.stdout.write(
            f"{row.year} 年放假通知已生效：放假 {off} 天，调休上班 {len(listed) - off} 天，日历版本 {row.pk}。"
        )
        missing = selectors.unlisted_statutory_days(row)
        if missing:
            names = "、".join(f"{day.date}（{day.name}）" for day in missing)
            self.stdout.write(f"请核对：通知没有列出这些法定假日：{names}。")
