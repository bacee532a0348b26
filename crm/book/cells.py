"""Pure readers of single cells: what a person typed becomes a value, or is refused with a sentence."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from crm.refusal import Refusal

Cell = str | float | bool | date | datetime | time | None
Reader = Callable[[Cell], object]

SPACES = re.compile(r"\s+")
SCIENTIFIC = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d+")
YES = frozenset({"是", "有", "Y", "YES", "TRUE", "1"})
QUOTED = 30
NO = frozenset({"否", "无", "N", "NO", "FALSE", "0"})


class CellIsUnreadable(Refusal):
    """A cell holds something that this column cannot mean."""


def tidy(cell: Cell) -> str:
    """This function will return a cell as text without stray spaces, line breaks and invisible characters."""
    text = shown(cell)
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or _visible(c))
    return SPACES.sub(" ", kept).strip()


def _visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def shown(cell: Cell) -> str:
    """This function will write a cell the way it is kept in the list of failures, losing nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15G}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else cell


def said(cell: Cell) -> str:
    """This function will quote a cell in a sentence, cut to a length that a sentence can carry."""
    words = tidy(cell)
    return words if len(words) <= QUOTED else f"{words[:QUOTED]}…"


def text(limit: int) -> Reader:
    """This function will make a reader of plain words of at most `limit` characters."""

    def read(cell: Cell) -> str:
        words = tidy(cell)
        if len(words) > limit:
            raise CellIsUnreadable(
                _("有 %(length)s 个字，最多 %(limit)s 个字，请缩短") % {"length": len(words), "limit": limit}
            )
        return words

    return read


def identifier(limit: int) -> Reader:
    """This function will make a reader of numbers that are names: they must be text cells, never figures.

    A figure cell is refused even where it looks whole, because digits and leading zeros may already be lost.
    Full-width characters are narrowed and spaces inside are dropped.
    """

    def read(cell: Cell) -> str:
        if isinstance(cell, float | bool | date | time):
            raise CellIsUnreadable(
                _("是数字或日期格式（%(value)s），号码可能已丢位，请把整列设为“文本”格式后重新填写")
                % {"value": said(cell)}
            )
        words = tidy(cell)
        # Compatibility forms are narrowed only here: in names a full-width bracket is part of the name.
        number = SPACES.sub("", unicodedata.normalize("NFKC", words))
        if SCIENTIFIC.fullmatch(number):
            raise CellIsUnreadable(
                _("是科学计数法（%(value)s），号码已丢位，请把整列设为“文本”格式后重新填写")
                % {"value": said(cell)}
            )
        if len(number) > limit:
            raise CellIsUnreadable(
                _("有 %(length)s 位，最多 %(limit)s 位，请核对") % {"length": len(number), "limit": limit}
            )
        return number

    return read


def choice(options: dict[str, str]) -> Reader:
    """This function will make a reader of one of the listed words; `options` maps each word to its value."""

    def read(cell: Cell) -> str:
        words = unicodedata.normalize("NFKC", tidy(cell)).replace(" ", "")
        plain = {
            unicodedata.normalize("NFKC", name).replace(" ", ""): value for name, value in options.items()
        }
        if words not in plain:
            raise CellIsUnreadable(
                _("写的是“%(value)s”，只能填：%(options)s")
                % {"value": said(cell), "options": "、".join(_labels(options))}
            )
        return plain[words]

    return read


def _labels(options: dict[str, str]) -> list[str]:
    seen: dict[str, str] = {}
    for name, value in options.items():
        seen.setdefault(value, name)
    return list(seen.values())


def yes_no(cell: Cell) -> bool:
    """This function will read 是 or 否."""
    words = unicodedata.normalize("NFKC", tidy(cell)).upper()
    if words in YES or words in NO:
        return words in YES
    raise CellIsUnreadable(_("写的是“%(value)s”，只能填 是 或 否") % {"value": said(cell)})


def whole(low: int, high: int) -> Reader:
    """This function will make a reader of whole numbers from `low` to `high`, both included."""

    def read(cell: Cell) -> int:
        words = unicodedata.normalize("NFKC", tidy(cell))
        number = _decimal(words)
        if number != number.to_integral_value() or not low <= number <= high:
            raise CellIsUnreadable(
                _("写的是“%(value)s”，请填 %(low)s 到 %(high)s 的整数")
                % {"value": said(cell), "low": low, "high": high}
            )
        return int(number)

    return read


THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
MOST_YUAN = Decimal(10) ** 11
CENT = Decimal("0.01")


def money(cell: Cell) -> int:
    """This function will read an amount in yuan as whole fen; 1,234.50, ¥ and 元 are understood."""
    return _fen(cell, _amount(cell), _("请填不为负的金额，单位元，如 12,345.67"))


def signed_money(cell: Cell) -> int:
    """This function will read an amount that may be negative, for what was given back."""
    words = _amount(cell).replace("\N{MINUS SIGN}", "-")
    below = words.startswith("-")
    hint = _("请填金额，单位元，如 12,345.67；退费前面加负号")
    fen = _fen(cell, words.removeprefix("-").removeprefix("¥"), hint)
    return -fen if below else fen


def _amount(cell: Cell) -> str:
    if isinstance(cell, bool | date | time):
        raise CellIsUnreadable(_("写的是“%(value)s”，请填金额，单位元") % {"value": said(cell)})
    return unicodedata.normalize("NFKC", tidy(cell)).replace(" ", "").removeprefix("¥").removesuffix("元")


def _fen(cell: Cell, words: str, hint: str) -> int:
    if not THOUSANDS.fullmatch(words):
        raise CellIsUnreadable(_("写的是“%(value)s”，%(hint)s") % {"value": said(cell), "hint": hint})
    yuan = _decimal(words.replace(",", ""))
    if yuan >= MOST_YUAN:
        raise CellIsUnreadable(_("写的是“%(value)s”，金额过大，请核对单位（元）") % {"value": said(cell)})
    exact = yuan.quantize(CENT)
    # A figure cell may carry the noise of binary fractions; typed fractions of a fen are refused.
    if abs(yuan - exact) > (Decimal("0.000001") if isinstance(cell, float) else 0):
        raise CellIsUnreadable(_("写的是“%(value)s”，金额最多两位小数") % {"value": said(cell)})
    return int(exact * 100)


def _decimal(words: str) -> Decimal:
    try:
        number = Decimal(words)
    except InvalidOperation as error:
        raise CellIsUnreadable(_("写的是“%(value)s”，请填数字") % {"value": said(words)}) from error
    if not number.is_finite():
        raise CellIsUnreadable(_("写的是“%(value)s”，请填数字") % {"value": said(words)})
    return number
