"""`manage.py tick`: one beat of the schedule by hand, from cron, or in a loop where there is no broker."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from crm import pulse, queue
from crm.management import doors
from crm.refusal import Refusal
from crm.selectors import schedule as schedules
from crm.selectors import work_health
from crm.selectors.work_health import Level
from crm.services import holds
from crm.services import tick as ticks
from crm.services.tick import Ticked


class Command(BaseCommand):
    """Runs what is due here and now, without a broker."""

    help = "走一个节拍：展开日程、执行到期作业、发送到期消息（不经消息代理，在本进程内完成）。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will offer the loop, the confirmation of a hold, and the health check."""
        parser.add_argument("--loop", action="store_true", help="每个节拍走一次，直到 Ctrl-C")
        parser.add_argument(
            "--resume", action="store_true", help="确认停机积压或时钟跳变后，恢复对客户的发送"
        )
        parser.add_argument(
            "--check", action="store_true", help="只检查：节拍过旧或有消息久未处理则以 1 退出"
        )
        doors.add_by(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will check, resume, or tick."""
        if options["check"]:
            self._check()
        elif options["resume"]:
            self._resume(options["by"])
        else:
            failed = self._tick()
            while options["loop"]:
                time.sleep(settings.TICK_SECONDS)
                self._tick()
            if failed:
                raise CommandError(f"作业失败：{'、'.join(failed)}；详情见日志与“作业”页。")

    def _tick(self) -> list[str]:
        done = ticks.tick(now=timezone.now(), pulse=pulse.read(), start=queue.run_now)
        self.stdout.write(words(done))
        return done.failed

    def _resume(self, number: str | None) -> None:
        try:
            holds.resume(by=doors.person(number), now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("已恢复对客户的发送。")

    def _check(self) -> None:
        now = timezone.now()
        health = schedules.health(now=now)
        late = [sign for sign in work_health.signs(now=now) if sign.of_progress and sign.level == Level.ALARM]
        if late or not health.well:
            raise CommandError("；".join([health.words(), *(f"{one.title}{one.words}" for one in late)]))
        self.stdout.write(health.words())


def words(done: Ticked) -> str:
    """This function will say in one line what a tick did."""
    if not done.ours:
        return "另一个节拍正在进行，本次不做。"
    return f"展开 {len(done.days)} 天，执行 {len(done.started)} 项作业，失败 {len(done.failed)} 项。"
