"""Writes .xlsx files: the list of failures and the template. Every cell is text."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from crm.book.cells import shown
from crm.book.columns import REASON_TITLE, ROW_TITLE, Column, Sheet
from crm.book.lines import Line, Outcome
from crm.book.tables import Table

# a text that begins like a formula stays a text
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
TEMPLATE_ROWS = 20_001
LONGEST_CELL = 32_767
FAILED = (Outcome.ERROR, Outcome.DUPLICATE)
OUR_TITLES = (ROW_TITLE, REASON_TITLE)


def failures(tables: Sequence[Table]) -> bytes:
    """This function will write the rows that were not taken, with row number and reasons, to be uploaded again.

    Same sheets, same columns, same cells; where nothing failed the file says so.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    head = book.add_format({"bold": True, "bg_color": "#EEF1F5", "num_format": "@"})
    words = book.add_format({"num_format": "@"})
    written = False
    for table in tables:
        failed = [line for line in table.lines if line.outcome in FAILED]
        if failed:
            _failed_sheet(book.add_worksheet(table.sheet.title), table, failed, head, words)
            written = True
    if not written:
        book.add_worksheet(_("说明")).write_string(0, 0, _("没有失败的行。"))
    book.close()
    return file.getvalue()


def _failed_sheet(sheet: Any, table: Table, failed: list[Line], head: Any, words: Any) -> None:
    kept = [i for i, title in enumerate(table.header) if title and title not in OUR_TITLES]
    for place, title in enumerate([*(table.header[i] for i in kept), *OUR_TITLES]):
        sheet.write_string(0, place, title, head)
    for row, line in enumerate(failed, 1):
        for place, i in enumerate(kept):
            sheet.write_string(
                row, place, shown(line.cells[i])[:LONGEST_CELL] if i < len(line.cells) else "", words
            )
        sheet.write_string(row, len(kept), str(line.number), words)
        reasons = "；".join(str(reason) for reason in line.reasons)
        sheet.write_string(row, len(kept) + 1, reasons[:LONGEST_CELL], words)
    sheet.set_column(0, len(kept), 16)
    sheet.set_column(len(kept) + 1, len(kept) + 1, 80)
    sheet.freeze_panes(1, 0)


def template(sheets: Sequence[Sheet]) -> bytes:
    """This function will write an empty book: a sheet of explanations, and each sheet with its drop-downs."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    head = book.add_format({"bold": True, "bg_color": "#EEF1F5", "num_format": "@"})
    words = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    _explanations(book.add_worksheet(_("说明")), sheets, head, words)
    for one in sheets:
        _empty_sheet(book.add_worksheet(one.title), one, head, book.add_format({"num_format": "@"}))
    book.close()
    return file.getvalue()


def _needed(column: Column) -> str:
    return {"key": _("必填"), "new": _("新增必填")}.get(column.needed, _("选填"))


def _explanations(page: Any, sheets: Sequence[Sheet], head: Any, words: Any) -> None:
    rules = (
        _("每张表一行一条，最多 20,000 行、20 MB；表名和表头请勿改动，列的顺序可以调整。"),
        _("已登记的客户号、保单号、服务对象按“更新”处理；空着的格子不改变已有内容。"),
        _("号码一律用文本格式；显示成 4.40E+17 的号码已经丢位，会被退回。"),
        _("示例只写在本页；失败的行可在“失败明细”里改正后原样重新上传。"),
    )
    for row, rule in enumerate(rules):
        page.write_string(row, 0, rule)
    row = len(rules) + 1
    for place, title in enumerate((_("表"), _("列"), _("要求"), _("说明"), _("示例"))):
        page.write_string(row, place, title, head)
    for one in sheets:
        for column in one.columns:
            row += 1
            notes = "；".join(n for n in (str(column.note), "、".join(column.options)) if n)
            for place, text in enumerate((one.title, column.title, _needed(column), notes, column.sample)):
                page.write_string(row, place, text, words)
    page.set_column(0, 2, 14)
    page.set_column(3, 3, 60)
    page.set_column(4, 4, 26)


def _empty_sheet(page: Any, one: Sheet, head: Any, text: Any) -> None:
    for place, column in enumerate(one.columns):
        page.set_column(place, place, column.width, text)
        page.write_string(0, place, column.title + (" *" if column.needed else ""), head)
        if column.note:
            page.write_comment(0, place, str(column.note))
        if column.options:
            page.data_validation(
                1, place, TEMPLATE_ROWS, place, {"validate": "list", "source": list(column.options)}
            )
    page.freeze_panes(1, 0)
