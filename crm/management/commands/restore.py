"""`manage.py restore FILE`: check a backup, or bring it back into an empty place; over a living one only on demand."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils.timezone import now

from crm.management.doors import PlainCommand, plain_refusals
from crm.services import backups
from crm.supervisor import ground


class Command(PlainCommand):
    """The door of `crm.services.backups`: opened, compare, place."""

    help = "检查一份备份（--verify），或恢复到空的目录或数据库；已有数据时须加 --yes-replace。"

    def add_arguments(self, parser: CommandParser) -> None:
        """This function will take the file and where it goes."""
        parser.add_argument("file", metavar="文件", help="备份文件")
        parser.add_argument("--verify", action="store_true", help="只检查能不能恢复，不改任何东西")
        parser.add_argument(
            "--to", metavar="目录", default="", help="（SQLite）恢复到这个数据目录；默认 JIANNUO_VAR"
        )
        parser.add_argument(
            "--yes-replace", action="store_true", help="替换已有的数据；原来的 SQLite 库留在旁边"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """This function will open, check, and unless only asked to verify, place."""
        target = Path(options["to"]) if options["to"] else settings.VAR
        with plain_refusals(), backups.scratch(settings.BACKUP_FOLDER) as room:
            manifest = backups.opened(Path(options["file"]), room)
            rows = (
                f"{len(manifest.rows)} 张表、{sum(manifest.rows.values())} 行、{len(manifest.files)} 个文件"
            )
            if options["verify"]:
                self._verify(room, manifest)
                self.stdout.write(f"备份完好，可以恢复：{manifest.made_at}，{rows}。")
                return
            if connection.vendor == "postgresql":
                name = str(connection.settings_dict["NAME"])
                connection.close()
                backups.place_postgresql(room, manifest, name, replace=options["yes_replace"])
            else:
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
                connection.close()
                with ground.lock(target):
                    backups.place_sqlite(room, manifest, target, replace=options["yes_replace"], now=now())
            self.stdout.write(f"已恢复：{manifest.made_at}，{rows}。请再运行 manage.py migrate。")

    def _verify(self, room: Path, manifest: Any) -> None:
        """SQLite backups are placed into a folder that goes away, and their log is walked there."""
        if manifest.vendor == "sqlite":
            house = room / "house"
            backups.place_sqlite(room, manifest, house, replace=False, now=now())
            walk_log(house)


def walk_log(house: Path) -> None:
    """This function will run verify_audit on the restored house, in a process of its own."""
    manage = settings.BASE_DIR / "manage.py"
    env = {"JIANNUO_VAR": str(house), "PATH": "/usr/bin:/bin", "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, str(manage), "verify_audit"], env=env, capture_output=True, text=True
    )
    if done.returncode:
        raise CommandError(f"恢复后的操作记录核对不过：{done.stderr.strip()[-300:]}")
