"""`manage.py serve`: the whole product under one command, for a trial, a small branch, and development."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm import env, supervisor
from crm.refusal import Refusal


class Command(BaseCommand):
    """Starts broker, web, worker and beat, restarts what ends, and ends as one."""

    help = "启动整套系统：消息代理、网页、作业进程、节拍；Ctrl-C 一并结束。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will offer the port."""
        parser.add_argument("--port", type=int, default=None, help="端口；默认取 PORT，再默认 8000")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will serve until a signal ends it."""
        port = options["port"] or env.integer("PORT", 8000)
        try:
            supervisor.serve(
                port=port,
                run_dir=settings.RUN_DIR,
                var=settings.VAR,
                own_broker=not os.environ.get("BROKER_URL"),
                ready=lambda: self.stdout.write(self.style.SUCCESS(f"已就绪：http://127.0.0.1:{port}")),
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
