"""Whether what came out is what was expected, and both as plain text for the report."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm import iso
from crm.time import local


def plain(value: Any) -> Any:
    """This function will write dates, moments and exact numbers as a case file writes them."""
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


def shown(value: Any) -> str:
    """This function will write a value on one line."""
    return json.dumps(plain(value), ensure_ascii=False)


def agrees(expected: Any, got: Any) -> bool:
    """This function will compare an expected value with a plain one.

    One expected value for several positions must hold at each; where the case does not nest, neither do we.
    """
    if isinstance(got, list):
        return _list_agrees(expected, got)
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    if isinstance(expected, str) and isinstance(got, str):
        return expected == got or _same_moment(expected, got)
    if isinstance(expected, dict) and isinstance(got, dict):
        return all(key in got and agrees(one, got[key]) for key, one in expected.items())
    if isinstance(expected, Decimal | int) and isinstance(got, str):
        return str(expected) == got
    return bool(expected == got)


def _list_agrees(expected: Any, got: list[Any]) -> bool:
    if not isinstance(expected, list):
        return expected is None if not got else all(agrees(expected, one) for one in got)
    if len(expected) == len(got) and all(agrees(*both) for both in zip(expected, got, strict=True)):
        return True
    if any(isinstance(one, list) for one in got) and not any(isinstance(one, list) for one in expected):
        flat = [part for one in got for part in (one if isinstance(one, list) else [one])]
        return agrees(expected, flat)
    return False


def _same_moment(expected: str, got: str) -> bool:
    """The same instant may be written in another zone or without seconds; a date is no instant."""
    if iso.is_date_only(expected) or iso.is_date_only(got):
        return False
    try:
        return iso.moment(expected) == iso.moment(got)
    except iso.MomentIsUnreadable:
        return False
