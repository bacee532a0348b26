"""The default provider: every accepted message is one JSON line in a file of its day, and the file is the truth."""

import errno
import fcntl
import json
import os
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from crm.privacy import mask_phone
from crm.providers.base import Accepted, Fate, NeverLeft, Outgoing, Refused
from crm.time import local


class FileProvider:
    """Accepts everything that has an address. The address is kept masked: the file is a record, not a gateway."""

    name = "file"
    per_second: float | None = None
    reports_delivery = False

    def __init__(self, folder: Path) -> None:
        """This function will keep the folder and make it, readable by its owner only."""
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will append one line with a single write and force it to the disk before answering."""
        if not message.to:
            return Refused("没有接收地址")
        reference = uuid.uuid4().hex
        line = {
            "serial": message.serial,
            "reference": reference,
            "at": now.isoformat(),
            "kind": message.kind,
            "channel": message.channel,
            "to": mask_phone(message.to),
            "body": message.body,
        }
        self._append(self.folder / f"{local(now):%Y-%m-%d}.jsonl", json.dumps(line, ensure_ascii=False))
        return Accepted(reference, now)

    def query(self, serial: str, *, now: datetime) -> Fate:
        """This function will look the serial up in the files, newest first; None says that it was never accepted.

        A line without its end was torn by a power failure, or is being written now: it accepts nothing.
        """
        needle = f'"serial": "{serial}"'.encode()
        for file in sorted(self.folder.glob("*.jsonl"), reverse=True):
            with file.open("rb") as lines:
                for line in lines:
                    seen = _read(line) if needle in line else None
                    if seen is not None:
                        return Accepted(seen["reference"], datetime.fromisoformat(seen["at"]))
        return None

    def _append(self, file: Path, line: str) -> None:
        """Writes the whole line or nothing: on a full disk the system may write a part of it and say so."""
        target = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(target, fcntl.LOCK_EX)  # ends with the file; nobody's line follows a part of ours
            size = os.fstat(target).st_size
            torn = size > 0 and os.pread(target, 1, size - 1) != b"\n"
            start = "\n" if torn else ""
            data = f"{start}{line}\n".encode()
            if _written(target, data) < len(data):
                os.ftruncate(target, size)
                raise NeverLeft(_("服务器磁盘空间不足"))
            os.fsync(target)
        finally:
            os.close(target)


def _read(line: bytes) -> dict[str, str] | None:
    """A line of the file; None for one that has no end."""
    try:
        found: dict[str, str] = json.loads(line)
    except ValueError:
        return None
    return found


def _written(target: int, data: bytes) -> int:
    """This function will write and say how many bytes there was room for."""
    try:
        return os.write(target, data)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return 0


def from_settings() -> FileProvider:
    """This function will make the provider that the settings describe."""
    return FileProvider(settings.MESSAGE_FOLDER)
