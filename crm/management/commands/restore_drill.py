"""`manage.py restore_drill`: a backup, brought back into a scratch place, compared, timed. Changes nothing."""

import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from crm.backup.archive import Manifest
from crm.management.commands.restore import walk_log
from crm.management.doors import PlainCommand, plain_refusals
from crm.services import backups


class Command(PlainCommand):
    """Does what an administrator would do after losing the machine, and says how long it took."""

    help = "恢复演练：做一份备份，恢复到临时的地方，逐表核对，写出各步用时；不动正在用的数据。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """This function will back up, open, place, compare, and report."""
        with plain_refusals(), backups.scratch(settings.BACKUP_FOLDER) as room:
            began = time.monotonic()
            made = backups.make(now=now())
            packed = time.monotonic()
            manifest = backups.opened(made.path, room / "opened")
            opened = time.monotonic()
            if connection.vendor == "postgresql":
                backups.drill_postgresql(room / "opened", manifest)
            else:
                backups.place_sqlite(room / "opened", manifest, room / "house", replace=False, now=now())
                walk_log(room / "house")
            self._report(manifest, packed - began, opened - packed, time.monotonic() - opened)

    def _report(self, manifest: Manifest, packing: float, opening: float, placing: float) -> None:
        self.stdout.write(
            f"备份 {packing:.1f} 秒，解封和校验 {opening:.1f} 秒，恢复和逐表核对 {placing:.1f} 秒。"
        )
        self.stdout.write(
            f"演练通过：{len(manifest.rows)} 张表、{sum(manifest.rows.values())} 行、{len(manifest.files)} 个文件"
            "，行数和封条都与清单一致。"
        )
