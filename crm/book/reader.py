"""Reads an inspected file into grids of cells: .xlsx through the child process, .csv here."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from crm.book.archive import MEGABYTE, MOST_COLUMNS, MOST_ROW_MARKS, FileIsNotReadable
from crm.book.cells import Cell
from crm.book.guard import inspect

CHILD = Path(__file__).with_name("child.py")
CPU_SECONDS, WALL_SECONDS = 30, 60
MEMORY = 1024 * MEGABYTE
MOST_CELLS = 4_000_000
SEPARATORS = (",", "\t", ";")
READERS: dict[str, Callable[[Any], Cell]] = {
    "n": float,
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "h": time.fromisoformat,
}
ENCRYPTED, TOO_LARGE = 3, 5


@dataclass(slots=True)
class Grid:
    """One sheet as it lies in the file; row 0 is the sheet's first row, column 0 is A."""

    title: str
    rows: list[list[Cell]] = field(default_factory=list)
    hidden: bool = False
    merged: int = 0


@dataclass(slots=True)
class Grids:
    """Everything one file holds."""

    kind: str
    sheets: list[Grid]
    hidden_rows: int = 0
    encoding: str = ""


def read(path: Path, name: str) -> Grids:
    """This function will read a file that a person uploaded under `name`, or refuse it with a sentence."""
    seen = inspect(path, name)
    if seen.kind == "csv":
        rows, encoding = _csv(path.read_bytes())
        return Grids("csv", [Grid(Path(name).stem, rows)], encoding=encoding)
    return Grids("xlsx", _xlsx(path), hidden_rows=seen.hidden_rows)


def _xlsx(path: Path) -> list[Grid]:
    limits = [str(CPU_SECONDS), str(MEMORY), str(MOST_CELLS)]
    command = [sys.executable, "-I", str(CHILD), str(path.resolve()), *limits]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise FileIsNotReadable(_("读取表格超过一分钟，已停止；请删除公式、图片和空行后另存。")) from error
    if done.returncode == ENCRYPTED:
        raise FileIsNotReadable(_("文件设有打开密码；请在 Excel 中取消密码后重新上传。"))
    if done.returncode == TOO_LARGE or done.returncode < 0:
        raise FileIsNotReadable(_("表格的范围过大，无法读取；请删除多余的空行空列后另存。"))
    if done.returncode:
        raise FileIsNotReadable(_("表格内容已损坏，无法读取；请用 Excel 或 WPS 打开并另存后再上传。"))
    return _grids(done.stdout.decode("utf-8").splitlines())


def _grids(lines: list[str]) -> list[Grid]:
    grids: list[Grid] = []
    for line in lines:
        found = json.loads(line)
        if isinstance(found, dict):
            grids.append(Grid(found["sheet"], hidden=found["hidden"], merged=found["merged"]))
        else:
            grids[-1].rows.append([_cell(one) for one in found])
    return grids


def _cell(found: Any) -> Cell:
    if isinstance(found, list):
        return READERS[found[0]](found[1])
    return None if found == "" else found


def _csv(raw: bytes) -> tuple[list[list[Cell]], str]:
    text, encoding = _decoded(raw)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    rows: list[list[Cell]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if len(line) > MOST_COLUMNS or len(rows) > MOST_ROW_MARKS:
                raise FileIsNotReadable(_("csv 超过 500 列或 20,000 行；请拆成几份后再上传。"))
            rows.append([cell or None for cell in line])
    except csv.Error as error:
        raise FileIsNotReadable(
            _("csv 第 %(row)s 行附近的引号不配对，无法分列；请用 Excel 或 WPS 打开并另存后再上传。")
            % {"row": len(rows) + 1}
        ) from error
    return rows, encoding


def _decoded(raw: bytes) -> tuple[str, str]:
    for encoding, label in (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")):
        try:
            return raw.decode(encoding), label
        except UnicodeDecodeError:
            continue
    raise FileIsNotReadable(_("csv 的编码看不懂；请另存为“CSV UTF-8”后再上传。"))
