"""What is asked of a file before any parser sees it: kind, size, and what a zip would unpack to."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from crm.refusal import Refusal

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_ROWS = 20_000
MOST_ENTRIES = 1_000
MOST_UNPACKED = 200 * MEGABYTE
# Ordinary sheets pack 5 to 20 times; below the floor a high ratio harms nobody.
MOST_RATIO, RATIO_FLOOR = 200, 10 * MEGABYTE
MOST_ROW_MARKS = 60_000
MOST_COLUMNS = 500
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
CHUNK = 256 * 1024

ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
FAR_CELL = re.compile(rb'\br="([A-Z]{1,4})(\d{1,8})"')
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*\br="(\d{1,9})"')


class FileIsNotReadable(Refusal):
    """The file cannot be taken as a book: its kind, its size or its inside is wrong."""


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
            return _inspect_entries(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise FileIsNotReadable(_("文件不完整或已损坏；请重新导出或重新下载后再上传。")) from error
    except RuntimeError as error:  # zipfile says so of an encrypted entry
        raise FileIsNotReadable(_("文件设有打开密码；请在 Excel 中取消密码后重新上传。")) from error


def _inspect_entries(archive: zipfile.ZipFile) -> Inspected:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise FileIsNotReadable(
            _("压缩包里有 %(count)s 个文件，不像表格；请另存为新的 .xlsx。") % {"count": len(entries)}
        )
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_UNPACKED or (unpacked > RATIO_FLOOR and unpacked > MOST_RATIO * max(packed, 1)):
        raise FileIsNotReadable(
            _("文件解开后有 %(size)s MB，过大；请删除空行、空列和图片后另存。")
            % {"size": unpacked // MEGABYTE}
        )
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or not any(n.lower().endswith("workbook.xml") for n in names):
        raise FileIsNotReadable(_("文件里没有工作簿，不是 .xlsx；请用 Excel 或 WPS 另存为 .xlsx 后再上传。"))
    return Inspected("xlsx", _unpack(archive, entries))


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> int:
    """This function will unpack every entry once, keeping nothing, and count the hidden rows of the sheets.

    Declared sizes may lie; what really comes out is counted, and its checksum proved by reading to the end.
    """
    left, hidden = MOST_UNPACKED, 0
    for entry in entries:
        sheet = _SheetScan() if entry.filename.startswith("xl/worksheets/") else None
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise FileIsNotReadable(_("文件解开后过大；请删除空行、空列和图片后另存。"))
                if sheet:
                    sheet.feed(chunk)
        hidden += sheet.hidden if sheet else 0
    return hidden


class _SheetScan:
    """Counts rows and refuses far cells in a sheet's XML, chunk by chunk, without building anything."""

    def __init__(self) -> None:
        self.rows = self.hidden = 0
        self.rest = b""

    def feed(self, chunk: bytes) -> None:
        """This function will count the marks of one chunk, keeping an unfinished tag for the next."""
        data = self.rest + chunk
        cut = max(data.rfind(b"<"), 0)
        data, self.rest = data[:cut], data[cut:][:CHUNK]
        marks = ROW.findall(data)
        self.rows += len(marks)
        self.hidden += sum(1 for mark in marks if HIDDEN.search(mark))
        far = any(int(number) > MOST_ROW_MARKS for number in ROW_NUMBER.findall(data))
        if self.rows > MOST_ROW_MARKS or far:
            raise FileIsNotReadable(_("表格超过 20,000 行；请拆成几份，并删除末尾的空行后再上传。"))
        for letters, number in FAR_CELL.findall(data):
            if _column(letters) > MOST_COLUMNS or int(number) > MOST_ROW_MARKS:
                raise FileIsNotReadable(_("表格超过 500 列或数据离得太远；请删除多余的空行空列后再上传。"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
