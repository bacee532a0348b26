"""The folder of backups: names by time, the newest, which may go. A name appears only when its file is whole."""

import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

SUFFIX = ".jnbackup"
_NAME = re.compile(r"jiannuo-(\d{8}T\d{6}Z)" + re.escape(SUFFIX))


def name_of(now: datetime) -> str:
    """This function will name the backup of a moment, in UTC, so that names sort by time."""
    return f"jiannuo-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def files(folder: Path) -> list[Path]:
    """This function will list the backups of a folder, the oldest first; other files are left out."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def newest_at(folder: Path) -> datetime | None:
    """This function will say when the newest backup was begun, by its name; None where there is none."""
    found = files(folder)
    if not found:
        return None
    text = _NAME.fullmatch(found[-1].name)
    assert text is not None  # files() kept only such names
    return datetime.strptime(text[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def draft_of(path: Path) -> Path:
    """This function will name the file that is written before it becomes `path`."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def scratch_prefix() -> str:
    """This function will begin the name of this process's scratch folders."""
    return f".scratch-{os.getpid()}-"


def _runs(process: str) -> bool:
    return process.isdecimal() and Path(f"/proc/{process}").exists()


def forget_drafts(folder: Path) -> None:
    """This function will delete the drafts and scratch folders of processes that no longer run."""
    for left in folder.glob(".scratch-*-*"):
        if not _runs(left.name.split("-")[1]):
            shutil.rmtree(left, ignore_errors=True)
    for path in folder.glob(f".*{SUFFIX}.*.part"):
        owner = path.name.rsplit(".", 2)[1]
        if not _runs(owner):
            path.unlink(missing_ok=True)


def rotate(folder: Path, *, keep: int) -> list[Path]:
    """This function will delete all but the newest `keep` backups and return the deleted."""
    gone = files(folder)[:-keep] if keep > 0 else []
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
