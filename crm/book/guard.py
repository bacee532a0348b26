"""What is asked of a file before any parser sees it: its size, its kind, and that both name and inside agree."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from crm.book.archive import MEGABYTE, FileIsNotReadable, hidden_rows

MOST_BYTES = 20 * MEGABYTE
MOST_ROWS = 20_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_KINDS = (
    ZIP,
    OLE,
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
)
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the guard saw: the kind of file, and per inner sheet file how many rows are hidden."""

    kind: str
    hidden_rows: int = 0


def inspect(path: Path, name: str) -> Inspected:
    """This function will refuse a file that must not be parsed, within a second and little memory."""
    size = path.stat().st_size
    if size == 0:
        raise FileIsNotReadable(_("文件是空的，请重新选择文件。"))
    if size > MOST_BYTES:
        raise FileIsNotReadable(
            _("文件有 %(size)s MB，最大 20 MB；请拆成几份分别上传。") % {"size": -(-size // MEGABYTE)}
        )
    ending = Path(name).suffix.lower()
    with path.open("rb") as file:
        start = file.read(16)
    if ending == ".csv":
        return _inspect_csv(path, start)
    if ending == ".xlsx":
        return _inspect_xlsx(path, start)
    raise FileIsNotReadable(_("只能上传 .xlsx 或 .csv 文件；其他格式请用 Excel 或 WPS 另存为 .xlsx。"))


def _inspect_csv(path: Path, start: bytes) -> Inspected:
    if start.startswith(OTHER_KINDS):
        raise FileIsNotReadable(
            _("文件名以 .csv 结尾，但内容不是 csv；请用 Excel 或 WPS 另存为 CSV 后再上传。")
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in path.read_bytes():
        raise FileIsNotReadable(_("csv 的编码是 UTF-16 或含有二进制内容；请另存为“CSV UTF-8”后再上传。"))
    return Inspected("csv")


def _inspect_xlsx(path: Path, start: bytes) -> Inspected:
    if start.startswith(OLE):
        if ENCRYPTED_MARK in path.read_bytes():
            raise FileIsNotReadable(_("文件设有打开密码；请在 Excel 中取消密码后重新上传。"))
        raise FileIsNotReadable(_("这是旧版 .xls 文件改了名；请用 Excel 或 WPS 另存为 .xlsx 后再上传。"))
    if not start.startswith(ZIP):
        raise FileIsNotReadable(
            _("文件名以 .xlsx 结尾，但内容不是 xlsx；请用 Excel 或 WPS 另存为 .xlsx 后再上传。")
        )
    try:
        with zipfile.ZipFile(path) as archive:
            return Inspected("xlsx", hidden_rows(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise FileIsNotReadable(_("文件不完整或已损坏；请重新导出或重新下载后再上传。")) from error
    except RuntimeError as error:  # zipfile says so of an encrypted entry
        raise FileIsNotReadable(_("文件设有打开密码；请在 Excel 中取消密码后重新上传。")) from error
