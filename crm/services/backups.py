"""Makes backups, checks them, and brings them back; never over a living database without being told to."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from crm.backup import archive, dumps, shelf
from crm.backup.archive import Manifest
from crm.refusal import Refusal

MB = 1024 * 1024
# a dump beside the sealed file, and some air
ROOM = 2


class NoBackupKey(Refusal):
    """There is no key to seal a backup with."""


class DiskIsShort(Refusal):
    """The folder's disk has no room for a backup."""


class NoSuchBackup(Refusal):
    """There is no such file."""


class WouldReplace(Refusal):
    """There is something already where the backup would be brought back to."""


class BackupDiffers(Refusal):
    """What was brought back is not what the manifest says."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made, and the older ones that went for it."""

    path: Path
    manifest: Manifest
    gone: list[Path]


def make(*, now: datetime, folder: Path | None = None) -> Made:
    """This function will write one whole backup under its final name, then delete all but the newest few.

    A process that dies meanwhile leaves a draft that the next one deletes. Raises NoBackupKey, DiskIsShort,
    NoDumpProgram, DumpFailed.
    """
    secret, folder = _secret(), folder or settings.BACKUP_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shelf.forget_drafts(folder)
    _check_room(folder)
    path = folder / shelf.name_of(now)
    draft = shelf.draft_of(path)
    try:
        with scratch(folder) as room:
            held = dumps.dump(room / archive.DATABASE)
            files = {name: one.read_bytes() for name, one in archive.files_of(folders()).items()}
            manifest = _manifest(held, room / archive.DATABASE, files, now)
            with open(draft, "xb", opener=_private) as target:  # created for its owner only
                archive.pack(target, secret, manifest, room / archive.DATABASE, files)
        archive.settle(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return Made(path, manifest, shelf.rotate(folder, keep=settings.BACKUP_KEEP))


def folders() -> dict[str, Path]:
    """This function will name the folders of files that belong to a backup: uploads, exports, what was sent."""
    return {
        "media": Path(settings.MEDIA_ROOT),
        "uploads": settings.VAR / "uploads",
        "exports": settings.VAR / "exports",
        "sent": settings.MESSAGE_FOLDER,
    }


def opened(path: Path, folder: Path) -> Manifest:
    """This function will open a backup into a folder and check its digests.

    Raises NoSuchBackup, NotABackup, WrongBackupKey, BackupIsDamaged.
    """
    if not path.is_file():
        raise NoSuchBackup(_("没有“%(path)s”这个文件，请核对路径。") % {"path": path})
    return archive.unpack(path, _secret(), folder)


def compare(manifest: Manifest, held: dumps.Contents) -> None:
    """This function will raise BackupDiffers where a database does not hold what the manifest says."""
    for table, rows in manifest.rows.items():
        if held.rows.get(table) != rows:
            raise BackupDiffers(
                _("表 %(table)s 应有 %(rows)d 行，恢复后是 %(found)s 行，请换一份备份。")
                % {"table": table, "rows": rows, "found": held.rows.get(table, "--")}
            )
    if held.audit_head != manifest.audit_head:
        raise BackupDiffers(_("恢复后最后一段封条与清单不符，请换一份备份。"))


def place_sqlite(opened_in: Path, manifest: Manifest, target: Path, *, replace: bool, now: datetime) -> None:
    """This function will put an opened SQLite backup into a data folder; what stood there is kept beside it.

    Raises WouldReplace, BackupDiffers, DumpFailed.
    """
    if manifest.vendor != "sqlite":
        raise BackupDiffers(_("这份备份来自 PostgreSQL，请设置 DATABASE_URL 指向一个空的数据库再恢复。"))
    compare(manifest, dumps.look(opened_in / archive.DATABASE))
    database = target / "db.sqlite3"
    if database.exists() and not replace:
        raise WouldReplace(
            _("%(path)s 已有数据库；确认要替换请先停止服务，再加 --yes-replace。") % {"path": target}
        )
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if database.exists():
        aside = target / f"replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        aside.mkdir(mode=0o700)
        for old in target.glob("db.sqlite3*"):
            old.rename(aside / old.name)
    shutil.move(opened_in / archive.DATABASE, database)
    if (opened_in / "files").is_dir():
        shutil.copytree(opened_in / "files", target, dirs_exist_ok=True)


def place_postgresql(opened_in: Path, manifest: Manifest, database: str, *, replace: bool) -> None:
    """This function will load an opened PostgreSQL backup into a database of the server in use.

    Raises WouldReplace, BackupDiffers, NoDumpProgram, DumpFailed.
    """
    if manifest.vendor != "postgresql":
        raise BackupDiffers(_("这份备份来自 SQLite，请去掉 DATABASE_URL 再恢复。"))
    own = connection.copy()
    own.settings_dict = own.settings_dict | {"NAME": database}
    try:
        with own.cursor() as cursor:
            if own.introspection.table_names(cursor) and not replace:
                raise WouldReplace(
                    _("数据库 %(name)s 不是空的；确认要替换请先停止服务，再加 --yes-replace。")
                    % {"name": database}
                )
        own.close()
        clean = ["--clean", "--if-exists"] if replace else []
        source = str(opened_in / archive.DATABASE)
        options = ["--no-owner", "--exit-on-error", "--single-transaction", "-d", database]
        dumps.run("pg_restore", *clean, *options, source, database=database)
        with own.cursor() as cursor:

            def ask(query: str) -> list[tuple[object, ...]]:
                cursor.execute(query)
                return list(cursor.fetchall())

            compare(manifest, dumps.contents(ask))
    finally:
        own.close()


def drill_postgresql(opened_in: Path, manifest: Manifest) -> None:
    """This function will load an opened backup into a database of its own, compare, and drop it again."""
    name = f"{connection.settings_dict['NAME']}_drill_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        place_postgresql(opened_in, manifest, name, replace=False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def scratch(near: Path) -> Iterator[Path]:
    """This function will lend a private folder that goes away with the block; it holds clear data meanwhile."""
    near.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=shelf.scratch_prefix(), dir=near) as folder:
        yield Path(folder)


def _secret() -> str:
    if not settings.BACKUP_KEY:
        raise NoBackupKey(_("没有备份密钥：请设置 BACKUP_KEY 或 BACKUP_KEY_FILE，并另存一份在别处。"))
    return str(settings.BACKUP_KEY)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _check_room(folder: Path) -> None:
    free, wanted = shutil.disk_usage(folder).free, ROOM * _size() + settings.HEALTH_DISK_ALARM_MB * MB
    if free < wanted:
        raise DiskIsShort(
            _("磁盘只剩 %(free)d MB，备份需要 %(wanted)d MB；请清理或用 BACKUP_FOLDER 换一个盘。")
            % {"free": free // MB, "wanted": wanted // MB}
        )


def _size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def _manifest(held: dumps.Contents, database: Path, files: dict[str, bytes], now: datetime) -> Manifest:
    return Manifest(
        made_at=now.astimezone(UTC).isoformat(),
        vendor=connection.vendor,
        database_sha256=archive.digest(database),
        files={name: archive.digest_of(content) for name, content in files.items()},
        **asdict(held),
    )
