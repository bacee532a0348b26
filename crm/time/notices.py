"""Reading a year's holiday notice from its file, and refusing one that contradicts itself (rulebook X-03).

A file says which year it is for, where it comes from, and per holiday the days off and the make-up workdays.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.refusal import Refusal
from crm.time.calendar import FIRST_DAY, LAST_DAY, ListedDay
from crm.time.statutory import statutory_days

SATURDAY = 5
LONGEST_HOLIDAY = 31
TOP_KEYS = {"year", "number", "published_on", "address", "source", "version", "holiday"}
HOLIDAY_KEYS = {"name", "from", "to", "makeup"}
LENGTHS = {"number": 60, "address": 200, "source": 60, "name": 20}


class NoticeIsUnreadable(Refusal):
    """The file is not a notice: a key is missing, unknown or of the wrong kind."""


class NoticeNamesAnotherYear(Refusal):
    """A day of another year; it belongs into that year's file."""


class NoticeNamesADayTwice(Refusal):
    """One day is listed twice, or as off and as worked."""


class MakeUpDayIsAWeekday(Refusal):
    """Only a Saturday or Sunday can be worked in exchange."""


class HolidayEndsBeforeItBegins(Refusal):
    """A holiday's range runs backwards, or on for ever."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One reading of the notice of a year, with where it comes from."""

    year: int
    number: str
    published_on: date | None
    address: str
    source: str
    days: tuple[ListedDay, ...]
    version: int = 1


def parse_notice(text: str) -> Notice:
    """This function will read a notice file (TOML) and check it; days come back in order of date.

    Raises a named refusal for whatever is unreadable or contradicts itself; the same text always gives
    the same notice.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoticeIsUnreadable(f"放假通知文件不是合法的 TOML：{error}。") from None
    _check_keys(raw, TOP_KEYS, "文件")
    year = _take(raw, "year", int, "文件")
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise NoticeIsUnreadable(f"年份 {year} 超出工作日历的范围（{FIRST_DAY.year}–{LAST_DAY.year}）。")
    days = sorted(day for holiday in _take(raw, "holiday", list, "文件") for day in _holiday(holiday))
    _check_days(year, days)
    return Notice(
        year=year,
        number=_take(raw, "number", str, "文件", ""),
        published_on=_take(raw, "published_on", date, "文件", None),
        address=_take(raw, "address", str, "文件", ""),
        source=_take(raw, "source", str, "文件"),
        days=tuple(days),
        version=_take(raw, "version", int, "文件", 1),
    )


def missing_statutory_days(notice: Notice) -> tuple[ListedDay, ...]:
    """This function will give the statutory days off that a notice does not list: a hint that lines are
    missing, shown before import. It is no refusal: before 2025 the law named fewer days."""
    off = {day.date for day in notice.days if not day.working}
    base = statutory_days(notice.year).items()
    return tuple(ListedDay(day, False, name) for day, name in sorted(base) if day not in off)


def _holiday(raw: Any) -> Iterator[ListedDay]:
    """The days off of one holiday, then its make-up workdays."""
    if not isinstance(raw, dict):
        raise NoticeIsUnreadable("每个假期须写成一节 [[holiday]]。")
    name = _take(raw, "name", str, "假期")
    _check_keys(raw, HOLIDAY_KEYS, f"“{name}”")
    yield from _days_off(raw, name)
    for day in _take(raw, "makeup", list, f"“{name}”", []):
        if type(day) is not date:
            raise NoticeIsUnreadable(f"“{name}”的调休上班日 {day} 不是日期，请写成 2026-02-14。")
        yield ListedDay(day, True, name)


def _days_off(raw: dict[str, Any], name: str) -> Iterator[ListedDay]:
    """From … to, both included; none where the year has only the make-up day of the next year's holiday."""
    if "from" not in raw and "to" not in raw and "makeup" in raw:
        return
    first = _take(raw, "from", date, f"“{name}”")
    last = _take(raw, "to", date, f"“{name}”", first)
    length = (last - first).days + 1
    if not 1 <= length <= LONGEST_HOLIDAY:
        raise HolidayEndsBeforeItBegins(f"“{name}”从 {first} 到 {last} 不成立，请核对起止日期。")
    yield from (ListedDay(first + timedelta(days=offset), False, name) for offset in range(length))


def _check_days(year: int, days: list[ListedDay]) -> None:
    """Each day in the year, listed once, and worked only on a weekend."""
    if not days:
        raise NoticeIsUnreadable(f"{year} 年的通知没有列出任何假期。")
    seen: dict[date, ListedDay] = {}
    for day in days:
        if day.date.year != year:
            raise NoticeNamesAnotherYear(
                f"{year} 年的通知列出了 {day.date}；请把它写进 {day.date.year} 年的文件。"
            )
        if day.date in seen:
            names = f"“{seen[day.date].name}”和“{day.name}”"
            raise NoticeNamesADayTwice(f"{day.date} 被列出两次（{names}），请只保留一处。")
        if day.working and day.date.weekday() < SATURDAY:
            raise MakeUpDayIsAWeekday(f"{day.date} 是周一至周五，不能作为“{day.name}”的调休上班日。")
        seen[day.date] = day


def _check_keys(raw: dict[str, Any], known: set[str], where: str) -> None:
    for key in raw:
        if key not in known:
            raise NoticeIsUnreadable(f"{where}里有不认识的项“{key}”，可用：{'、'.join(sorted(known))}。")


_REQUIRED: Any = object()


def _take(raw: dict[str, Any], key: str, kind: type, where: str, default: Any = _REQUIRED) -> Any:
    """One value of the expected kind; a missing one is refused unless it has a default."""
    value = raw.get(key, default)
    if value is _REQUIRED:
        raise NoticeIsUnreadable(f"{where}缺少“{key}”。")
    if key in raw and type(value) is not kind:
        raise NoticeIsUnreadable(f"{where}的“{key}”写法不对：{value}。")
    if isinstance(value, str) and len(value) > LENGTHS.get(key, 200):
        raise NoticeIsUnreadable(f"{where}的“{key}”太长，最多 {LENGTHS.get(key, 200)} 字。")
    if key in {"name", "source"} and not value.strip():
        raise NoticeIsUnreadable(f"{where}的“{key}”不能为空。")
    return value
