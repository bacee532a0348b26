"""What an .xlsx would unpack to: entries, sizes, rows and columns, counted without building anything."""

import re
import zipfile

from django.utils.translation import gettext as _

from crm.refusal import Refusal

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 1_000
MOST_UNPACKED = 200 * MEGABYTE
# Ordinary sheets pack 5 to 20 times; below the floor a high ratio harms nobody.
MOST_RATIO, RATIO_FLOOR = 200, 10 * MEGABYTE
MOST_ROW_MARKS = 60_000
MOST_COLUMNS = 500
CHUNK = 256 * 1024

ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
FAR_CELL = re.compile(rb'\br="([A-Z]{1,4})(\d{1,8})"')
ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*\br="(\d{1,9})"')


class FileIsNotReadable(Refusal):
    """The file cannot be taken as a book: its kind, its size or its inside is wrong."""


def hidden_rows(archive: zipfile.ZipFile) -> int:
    """This function will refuse an archive that is no workbook or too large, and count its hidden rows."""
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
    return _unpack(archive, entries)


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
