"""Finds the header of a grid, maps its columns, and makes each line below a row of values or reasons."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.book.archive import FileIsNotReadable
from crm.book.cells import Cell, CellIsUnreadable, tidy
from crm.book.columns import REASON_TITLE, ROW_TITLE, Column, Sheet
from crm.book.guard import MOST_ROWS
from crm.book.lines import Line
from crm.book.reader import Grid, Grids

HEADER_WITHIN = 10
MARKS = re.compile(r"[\s*＊]|[（(](?:必填|选填|新客户必填|新增必填|元|文本)[)）]")
OURS = frozenset({ROW_TITLE, REASON_TITLE, "原因"})


@dataclass(slots=True)
class Table:
    """One sheet of a file, understood: which of our sheets it is, its header and its lines."""

    sheet: Sheet
    title: str
    header: list[str]
    lines: list[Line]
    unknown: list[str]


def tables(grids: Grids, sheets: Iterable[Sheet]) -> tuple[list[Table], list[str]]:
    """This function will understand a file's sheets; the second part names the sheets that were left aside.

    Raises FileIsNotReadable where nothing is understood, where one of our sheets comes twice, or where there
    are more than 20,000 rows.
    """
    known = sorted(sheets, key=lambda sheet: sheet.order)
    found: dict[str, Table] = {}
    aside: list[str] = []
    for grid in grids.sheets:
        sheet = _named(grid.title, known) if grids.kind == "xlsx" else _by_header(grid, known)
        if sheet is None:
            aside.append(grid.title)
        elif sheet.key in found:
            raise FileIsNotReadable(_("“%(title)s”表出现了两次，请合并为一张。") % {"title": sheet.title})
        else:
            found[sheet.key] = _table(grid, sheet)
    if not found and len(grids.sheets) == 1 and (sheet := _by_header(grids.sheets[0], known)):
        found[sheet.key], aside = _table(grids.sheets[0], sheet), []
    if not found:
        raise FileIsNotReadable(
            _("没有认出任何表：工作表名应为 %(titles)s，或表头应与模板一致。请下载模板对照。")
            % {"titles": "、".join(sheet.title for sheet in known)}
        )
    count = sum(len(table.lines) for table in found.values())
    if count > MOST_ROWS:
        raise FileIsNotReadable(_("共 %(count)s 行，最多 20,000 行；请拆成几份上传。") % {"count": count})
    return sorted(found.values(), key=lambda table: table.sheet.order), aside


def _plain(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", MARKS.sub("", tidy(cell)))


def _named(title: str, known: list[Sheet]) -> Sheet | None:
    plain = _plain(title)
    return next((s for s in known if plain in {s.title, *s.aliases}), None)


def _titles(sheet: Sheet) -> dict[str, Column]:
    return {_plain(name): column for column in sheet.columns for name in (column.title, *column.aliases)}


def _header(grid: Grid, sheet: Sheet) -> tuple[int, dict[int, Column]] | None:
    """This function will find the row that has all the keys and the most known names; titles may stand above."""
    titles, best = _titles(sheet), None
    for number, cells in enumerate(grid.rows[:HEADER_WITHIN]):
        columns = {i: titles[_plain(cell)] for i, cell in enumerate(cells) if _plain(cell) in titles}
        if {c.key for c in sheet.columns if c.is_key} <= {c.key for c in columns.values()} and (
            best is None or len(columns) > len(best[1])
        ):
            best = (number, columns)
    return best


def _by_header(grid: Grid, known: list[Sheet]) -> Sheet | None:
    hits = [(len(found[1]), sheet) for sheet in known if (found := _header(grid, sheet))]
    return max(hits, key=lambda hit: hit[0])[1] if hits else None


def _table(grid: Grid, sheet: Sheet) -> Table:
    found = _header(grid, sheet)
    if found is None:
        if not any(tidy(cell) for cells in grid.rows for cell in cells):
            return Table(sheet, grid.title, [column.title for column in sheet.columns], [], [])
        keys = "、".join(column.title for column in sheet.columns if column.is_key)
        raise FileIsNotReadable(
            _("“%(title)s”表的前 10 行里没有认出表头：必须有 %(keys)s 列。请下载模板对照。")
            % {"title": grid.title, "keys": keys}
        )
    start, columns = found
    _refuse_twins(grid.title, columns)
    header = [tidy(cell) for cell in grid.rows[start]]
    unknown = [t for i, t in enumerate(header) if t and i not in columns and _plain(t) not in OURS]
    lines = [
        _line(number, cells, columns)
        for number, cells in enumerate(grid.rows[start + 1 :], start + 2)
        if any(tidy(cells[i]) for i in columns if i < len(cells))
    ]
    return Table(sheet, grid.title, header, lines, unknown)


def _refuse_twins(title: str, columns: dict[int, Column]) -> None:
    seen: set[str] = set()
    for column in columns.values():
        if column.key in seen:
            raise FileIsNotReadable(
                _("“%(title)s”表有两列都是“%(column)s”，请只留一列。")
                % {"title": title, "column": column.title}
            )
        seen.add(column.key)


def _line(number: int, cells: Sequence[Cell], columns: dict[int, Column]) -> Line:
    line = Line(number, cells, {})
    for index, column in columns.items():
        cell = cells[index] if index < len(cells) else None
        if not tidy(cell):
            continue
        try:
            line.values[column.key] = column.read(cell)
        except CellIsUnreadable as refusal:
            line.refuse(column.title, f"{_letters(index)}{number} {refusal.message}")
    for column in columns.values():
        if (
            column.is_key
            and column.key not in line.values
            and not any(r.column == column.title for r in line.reasons)
        ):
            line.refuse(column.title, _("没有填写，请补上"))
    return line


def _letters(index: int) -> str:
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
