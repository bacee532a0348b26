"""`manage.py backup`: the database and the files as one sealed file, while everything goes on."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import now

from crm.management.doors import PlainCommand, plain_refusals
from crm.services import backups


class Command(PlainCommand):
    """The door of `crm.services.backups.make`."""

    help = "做一份加密备份：数据库、上传和导出的文件、清单；只保留最近的若干份。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will offer another folder."""
        parser.add_argument("--to", metavar="目录", default="", help="放在哪个目录；默认 BACKUP_FOLDER")

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will make one backup and say what it holds."""
        with plain_refusals():
            made = backups.make(now=now(), folder=Path(options["to"]) if options["to"] else None)
        rows = sum(made.manifest.rows.values())
        size = made.path.stat().st_size / 1024 / 1024
        self.stdout.write(
            f"{made.path}：{len(made.manifest.rows)} 张表、{rows} 行、{len(made.manifest.files)} 个文件，{size:.1f} MB。"
        )
        if made.gone:
            self.stdout.write(f"删除较旧的备份 {len(made.gone)} 份。")
