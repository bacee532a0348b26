"""Where uploaded books lie: one folder a file under MEDIA_ROOT, named at random, for a day."""

import errno
import hashlib
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from crm.refusal import Refusal

KEPT = timedelta(days=1)
LONGEST_NAME = 80
WAITING, FAILURES = "waiting", "failures.xlsx"
FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskIsFull(Refusal):
    """There is no room for the file; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The folder of one uploaded file."""

    token: str

    @property
    def folder(self) -> Path:
        """This function will name the folder; tokens are ours, they come from a row."""
        return _root() / self.token

    @property
    def waiting(self) -> Path:
        """This function will name the place of the file until it is imported."""
        return self.folder / WAITING

    @property
    def failures(self) -> Path:
        """This function will name the place of the list of failures."""
        return self.folder / FAILURES

    def keep_failures(self, content: bytes) -> None:
        """This function will keep the list of failures, whole or not at all; twice is the same as once."""
        draft = self.folder / f".{secrets.token_hex(4)}"
        with _room():
            draft.write_bytes(content)
            draft.replace(self.failures)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "book"


@contextmanager
def _room() -> Iterator[None]:
    """This function will raise DiskIsFull instead of the system's own words."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise DiskIsFull(
            _("服务器磁盘空间不足，文件没有保存，也没有写入任何内容；请联系系统管理员清理后再上传。")
        ) from error


def keep(chunks: Iterable[bytes]) -> tuple[Upload, str]:
    """This function will keep an uploaded file under a random name that nobody can guess, and digest it."""
    upload, digest = Upload(secrets.token_urlsafe(16)), hashlib.sha256()
    try:
        with _room():
            upload.folder.mkdir(parents=True, mode=0o700)
            with upload.waiting.open("wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
    except BaseException:
        drop(upload)
        raise
    return upload, digest.hexdigest()


def drop(upload: Upload) -> None:
    """This function will delete an upload with everything that belongs to it."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def drop_old(*, now: datetime, spared: Iterable[str] = ()) -> int:
    """This function will delete what was uploaded more than a day ago; returns how many. Twice is as once."""
    kept, before = set(spared), (now - KEPT).timestamp()
    old = [one for one in _folders() if one.name not in kept and one.stat().st_mtime < before]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _folders() -> Iterator[Path]:
    root = _root()
    return (folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else iter(())
