"""What is inside a backup: a manifest, the database, the files. Packed as one compressed stream and sealed."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from crm.backup.sealing import BackupIsDamaged, Opener, Sealer

DATABASE = "database"
MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the backup says it holds: when, of which database at which migrations, how many rows a table, the log's head."""

    made_at: str
    vendor: str
    migrations: list[str]
    rows: dict[str, int]
    audit_head: str
    database_sha256: str
    files: dict[str, str]
    format: int = FORMAT


def digest(path: Path) -> str:
    """This function will give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(content: bytes) -> str:
    """This function will give the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def files_of(folders: Mapping[str, Path]) -> dict[str, Path]:
    """This function will list every regular file below the folders, by the name it gets in the backup."""
    return {
        f"files/{name}/{path.relative_to(folder).as_posix()}": path
        for name, folder in folders.items()
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def pack(
    target: BinaryIO, secret: str, manifest: Manifest, database: Path, files: Mapping[str, bytes]
) -> None:
    """This function will write a whole backup into `target`."""
    sealer = Sealer(target, secret)
    with (
        gzip.GzipFile("", "wb", 1, cast(BinaryIO, sealer)) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w|") as tar,
    ):
        _add(tar, MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False).encode())
        tar.add(database, DATABASE, filter=_plain)
        for name, content in files.items():
            _add(tar, name, content)
    sealer.finish()


def unpack(source: Path, secret: str, folder: Path) -> Manifest:
    """This function will open a backup into an empty folder and check every digest.

    Raises NotABackup, WrongBackupKey, BackupIsDamaged.
    """
    with source.open("rb") as file:
        opener = Opener(file, secret)
        with (
            gzip.GzipFile("", "rb", fileobj=cast(BinaryIO, opener)) as squeezed,
            tarfile.open(fileobj=squeezed, mode="r|") as tar,
        ):
            tar.extractall(folder, filter="data")
        opener.read()  # to the very end: what was cut off behind the last file is found too
    manifest = read(folder)
    digests = {DATABASE: manifest.database_sha256, **manifest.files}
    wrong = [name for name, known in digests.items() if digest(folder / name) != known]
    if wrong:
        raise BackupIsDamaged(f"备份里的 {wrong[0]} 与清单不符，不能使用；请换一份备份。")
    return manifest


def read(folder: Path) -> Manifest:
    """This function will read the manifest of an opened backup."""
    loaded: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    if loaded.get("format") != FORMAT:
        raise BackupIsDamaged("备份的格式比这个版本新，请用做备份的那个版本恢复。")
    return Manifest(**loaded)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid, member.uname, member.gname = 0o600, 0, 0, "", ""
    return member


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def settle(draft: Path, path: Path) -> None:
    """This function will give a whole draft its final name; after a power cut the name holds all or is not there."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
