"""Dates and moments as people write them in commands and case files, read strictly."""

from datetime import date, datetime, time

from crm.refusal import Refusal
from crm.time import SHANGHAI, at_time

FIRST_YEAR, LAST_YEAR = 1900, 2100
MIDNIGHT = time(0)


class MomentIsUnreadable(Refusal):
    """The text is neither a date nor a moment."""


def _unreadable(text: object) -> MomentIsUnreadable:
    return MomentIsUnreadable(f"“{text}”不是日期或时间，请写成 2026-02-12 或 2026-02-12T10:00:00+08:00。")


def _year_known(text: object, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MomentIsUnreadable(f"“{text}”的年份超出 {FIRST_YEAR}–{LAST_YEAR}，请核对。")


def is_date_only(text: str) -> bool:
    """This function will say whether a text names a day without an hour."""
    return len(text.strip()) <= len("2026-02-12")


def day(text: object) -> date:
    """This function will read a date; of a moment it gives the Shanghai date. Raises MomentIsUnreadable."""
    return moment(text).astimezone(SHANGHAI).date()


def moment(text: object) -> datetime:
    """This function will read a moment, to the whole second; without zone it is Shanghai's, without hour it is
    00:00. Raises MomentIsUnreadable."""
    if not isinstance(text, str):
        raise _unreadable(text)
    try:
        if is_date_only(text):
            found = at_time(date.fromisoformat(text.strip()), MIDNIGHT)
        else:
            found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _unreadable(text) from None
    _year_known(text, found.year)
    return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).replace(microsecond=0)
