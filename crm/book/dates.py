"""Pure readers of dates and birthdays as Chinese branches type them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from crm.book.cells import Cell, CellIsUnreadable, said, tidy

FULL = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))")
SHORT = re.compile(r"(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

LUNAR_MONTHS = {
    "正": 1,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "冬": 11,
    "十二": 12,
    "腊": 12,
}
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
LUNAR_DAYS = {
    **{f"初{n}": i for i, n in enumerate(NUMERALS, 1)},
    **{f"十{n}": 10 + i for i, n in enumerate(NUMERALS[:9], 1)},
    **{f"{tens}{n}": 20 + i for tens in ("廿", "二十") for i, n in enumerate(NUMERALS[:9], 1)},
    "二十": 20,
    "廿十": 20,
    "三十": 30,
    "卅": 30,
}
LUNAR = re.compile(r"(?:(\d{4})年)?(闰)?(正|十一|十二|[一二三四五六七八九十冬腊])月(.{1,3})")
LUNAR_DIGITS = re.compile(r"(?:(\d{4})[-/.年])?(闰)?(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")


@dataclass(frozen=True, slots=True)
class Birthday:
    """What a birthday cell says: month and day, perhaps the year, perhaps a leap month (lunar only)."""

    month: int
    day: int
    year: int | None = None
    leap: bool = False


def day(cell: Cell) -> date:
    """This function will read a full date: a date cell, 2026-01-02, 2026/1/2, 20260102 or 2026年1月2日."""
    if isinstance(cell, date):
        return _within(cell.date() if isinstance(cell, datetime) else cell, cell)
    if isinstance(cell, bool | time):
        raise CellIsUnreadable(_("写的是“%(value)s”，不是日期，请按 2026-01-02 填写") % {"value": said(cell)})
    found = FULL.fullmatch(_plain(cell))
    if not found:
        raise CellIsUnreadable(
            _("写的是“%(value)s”，看不懂是哪一天，请按 2026-01-02 填写") % {"value": said(cell)}
        )
    year, month, number = (int(part) for part in found.groups() if part is not None)
    try:
        return _within(date(year, month, number), cell)
    except ValueError as error:
        raise CellIsUnreadable(_("写的是“%(value)s”，没有这一天，请核对") % {"value": said(cell)}) from error


def birthday(cell: Cell) -> Birthday:
    """This function will read a birthday kept in either calendar; whether that day exists is judged later.

    A full date, a month with a day (05-06, 5月6日), or a lunar day (四月初六, 1985年闰四月初六, 闰4-6).
    """
    plain = _plain(cell)
    if found := LUNAR.fullmatch(plain):
        year, leap, month, name = found.groups()
        if name not in LUNAR_DAYS:
            raise CellIsUnreadable(
                _("写的是“%(value)s”，看不懂是农历哪一天，请按 四月初六 填写") % {"value": said(cell)}
            )
        return Birthday(LUNAR_MONTHS[month], LUNAR_DAYS[name], _year(year, cell), bool(leap))
    if "闰" in plain and (found := LUNAR_DIGITS.fullmatch(plain)):
        year, _mark, month, number = found.groups()
        return _birthday(int(month), int(number), _year(year, cell), cell, leap=True)
    if isinstance(cell, str) and (found := SHORT.fullmatch(plain)):
        return _birthday(int(found[1]), int(found[2]), None, cell)
    # A lunar 30 February is no Gregorian date, so the parts are read one by one.
    if isinstance(cell, str) and (found := FULL.fullmatch(plain)):
        year, month, number = (part for part in found.groups() if part is not None)
        return _birthday(int(month), int(number), _year(year, cell), cell)
    full = day(cell)
    return Birthday(full.month, full.day, full.year)


def _plain(cell: Cell) -> str:
    return MIDNIGHT.sub("", unicodedata.normalize("NFKC", tidy(cell))).replace(" ", "")


def _within(found: date, cell: Cell) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CellIsUnreadable(
            _("写的是“%(value)s”，年份应在 %(first)s 到 %(last)s 之间")
            % {"value": said(cell), "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return found


def _year(digits: str | None, cell: Cell) -> int | None:
    if digits is None:
        return None
    return _within(date(max(int(digits), 1), 1, 1), cell).year


def _birthday(month: int, number: int, year: int | None, cell: Cell, *, leap: bool = False) -> Birthday:
    if not 1 <= month <= 12 or not 1 <= number <= MONTH_DAYS[month - 1] + (1 if month == 2 else 0):
        raise CellIsUnreadable(_("写的是“%(value)s”，没有这一天，请核对") % {"value": said(cell)})
    return Birthday(month, number, year, leap)
