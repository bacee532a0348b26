"""Runs alone in a process with limits: reads one .xlsx with calamine and prints its cells as lines of JSON.

Called as `python -I child.py FILE SECONDS BYTES CELLS`. It imports nothing of ours, so a file that kills the
parser kills only this process. Each sheet is a line with its name, whether it is hidden and its merged areas,
and then one line a row. Exit codes: 0 read, 3 encrypted, 4 unreadable, 5 too large.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

ENCRYPTED, UNREADABLE, TOO_LARGE = 3, 4, 5


def _plain(cell: Any) -> Any:
    """This function will turn a cell into JSON: texts and truth as they are, the rest as [kind, value]."""
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, int | float):
        return ["n", float(cell)] if abs(cell) < 1e300 else str(cell)
    if isinstance(cell, datetime):
        return ["t", cell.isoformat()]
    if isinstance(cell, date):
        return ["d", cell.isoformat()]
    if isinstance(cell, time):
        return ["h", cell.isoformat()]
    return str(cell) if isinstance(cell, timedelta) else None


def _rows(sheet: Any) -> list[list[Any]]:
    # A sheet holding only one far cell would be laid out whole, so its area is asked before its cells.
    return list(sheet.to_python(skip_empty_area=False)) if sheet.start is not None else []


def main(path: str, seconds: int, size: int, most: int) -> int:
    """This function will print the workbook and return the exit code."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book = python_calamine.load_workbook(path)
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.total_height * sheet.total_width > most:
            return TOO_LARGE
        rows = _rows(sheet)
        hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
        merged = len(sheet.merged_cell_ranges or [])
        head = {"sheet": meta.name, "hidden": hidden, "rows": len(rows), "merged": merged}
        sys.stdout.write(json.dumps(head) + "\n")
        for row in rows:
            sys.stdout.write(json.dumps([_plain(cell) for cell in row]) + "\n")
    return 0


if __name__ == "__main__":
    try:
        code = main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        sys.stdout.flush()
    except python_calamine.PasswordError:
        code = ENCRYPTED
    except MemoryError:
        code = TOO_LARGE
    except BaseException:  # a panic of the parser is not an Exception
        code = UNREADABLE
    sys.exit(code)
