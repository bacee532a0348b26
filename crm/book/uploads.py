"""Where uploaded books lie: one folder a file under MEDIA_ROOT, named at random, bound to one person."""

import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from crm.models import User

KEPT = timedelta(days=1)
LONGEST_NAME = 80
WAITING, WORKING, FAILURES, SUMMARY = "waiting", "working", "failures.xlsx", "summary.json"


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file and what is known of it."""

    token: str
    name: str
    user: int
    folder: Path

    @property
    def waiting(self) -> Path:
        """This function will name the place of a file that waits for its commit."""
        return self.folder / WAITING

    @property
    def failures(self) -> Path:
        """This function will name the place of the list of failures."""
        return self.folder / FAILURES

    def claim(self) -> Path | None:
        """This function will take the waiting file for a commit; of two at once one gets it, the other None."""
        working = self.folder / WORKING
        try:
            self.waiting.rename(working)
        except FileNotFoundError:
            return None
        return working

    def note(self, summary: dict[str, Any]) -> None:
        """This function will keep what the pages show of the file, whole or not at all."""
        draft = self.folder / f".{secrets.token_hex(4)}"
        draft.write_text(json.dumps({"name": self.name, "user": self.user, **summary}), encoding="utf-8")
        draft.rename(self.folder / SUMMARY)

    def summary(self) -> dict[str, Any]:
        """This function will return what was noted last."""
        found: dict[str, Any] = json.loads((self.folder / SUMMARY).read_text(encoding="utf-8"))
        return found


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "book"


def keep(chunks: Iterable[bytes], *, name: str, by: User) -> Upload:
    """This function will keep an uploaded file under a random name that nobody can guess."""
    token = secrets.token_urlsafe(16)
    folder = _root() / token
    folder.mkdir(parents=True, mode=0o700)
    upload = Upload(token, name[-LONGEST_NAME:], by.pk, folder)
    with upload.waiting.open("wb") as file:
        file.writelines(chunks)
    return upload


def find(*, token: str, by: User) -> Upload | None:
    """This function will find a person's own upload; anybody else's is as good as none."""
    folder = _root() / token
    if not token.replace("-", "").replace("_", "").isalnum() or not (folder / SUMMARY).exists():
        return None
    known = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    return Upload(token, known["name"], known["user"], folder) if known["user"] == by.pk else None


def drop(upload: Upload) -> None:
    """This function will delete an upload with everything that belongs to it."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def drop_old(*, now: datetime) -> int:
    """This function will delete what was uploaded more than a day ago; returns how many. Twice is as once."""
    old = [folder for folder in _folders() if folder.stat().st_mtime < (now - KEPT).timestamp()]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _folders() -> Iterator[Path]:
    root = _root()
    return (folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else iter(())
