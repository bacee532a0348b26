"""Reading the official text of a year's holiday notice as it is pasted (rulebook X-03).

Nothing is skipped in silence: a sentence sets days, belongs to the usual opening and closing, or is named. Any
contradiction refuses the whole text, for a wrong calendar moves deadlines of customers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from crm.time import notice_words as words
from crm.time.calendar import FIRST_DAY, LAST_DAY, ListedDay
from crm.time.notice_checks import clashes, gaps, imbalance
from crm.time.notice_holidays import Holiday, HolidayReader
from crm.time.notices import Notice

SOURCE = "国务院办公厅通知"
_SENTENCE = re.compile(r"[^。]+")
_OPENING_SENTENCE = re.compile(r"[^。:]+")
_LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says, holiday by holiday, and everything in it that cannot be; `notice` only if all agrees.

    `carried` are days of the December before, which a new year's holiday takes along.
    """

    notice: Notice | None
    carried: tuple[ListedDay, ...]
    holidays: tuple[Holiday, ...]
    problems: tuple[str, ...]


def read_notice_text(text: str, address: str = "") -> Reading:
    """This function will read a notice as published; the same text always gives the same reading."""
    plain = words.plain(text)
    problems: list[str] = []
    amended = words.AMENDMENT.search(plain.text)
    if amended:
        sentence = (
            f"这是对 {amended[1]} 年个别假期的调整通知，不是全年安排；请把调整写进全年的 TOML 文件再导入。"
        )
        return Reading(None, (), (), (sentence,))
    heads = _heads(plain)
    year = _year(plain, heads, problems)
    if year is None:
        return Reading(None, (), (), tuple(problems))
    _read_opening(plain, heads[0].start() if heads else len(plain.text), problems)
    ends = [head.start() for head in heads[1:]] + [len(plain.text)]
    holidays = [_read(plain, head, end, year, problems) for head, end in zip(heads, ends, strict=False)]
    problems += gaps(plain, [head["ordinal"] for head in heads], holidays)
    problems += clashes(holidays)
    problems += [] if problems else imbalance(holidays, year)
    days = sorted(
        ListedDay(day, working, holiday.name)
        for holiday in holidays
        for working, listed in ((False, holiday.off), (True, holiday.worked))
        for day in listed
    )
    unique = tuple(dict.fromkeys(problems))
    notice = None if unique else _notice(plain, year, days, address)
    return Reading(notice, tuple(day for day in days if day.date.year < year), tuple(holidays), unique)


def _heads(plain: words.Plain) -> list[re.Match[str]]:
    """Where the numbered lines begin: at the start of a line or behind a sentence."""
    return [
        head
        for head in words.HEAD.finditer(plain.text)
        if head.start() in plain.line_starts or plain.text[head.start() - 1] in "。:;"
    ]


def _year(plain: words.Plain, heads: list[re.Match[str]], problems: list[str]) -> int | None:
    """The year that title and opening name; they must agree."""
    opening = plain.text[: heads[0].start()] if heads else plain.text
    named = [int(match[1]) for match in words.TITLE.finditer(opening)]
    named += [int(match[1]) for match in words.ANNOUNCED.finditer(opening) if match[1]]
    years = sorted(set(named))
    if len(years) != 1:
        said = f"同时写着 {'、'.join(map(str, years))} 年" if years else "没有写明是哪一年的放假安排"
        problems.append(f"标题和开头{said}，请从“国务院办公厅关于……年部分节假日安排的通知”起完整粘贴。")
        return None
    if not FIRST_DAY.year < years[0] <= LAST_DAY.year:
        problems.append(f"年份 {years[0]} 超出工作日历的范围（{FIRST_DAY.year}–{LAST_DAY.year}）。")
        return None
    return years[0]


def _read_opening(plain: words.Plain, end: int, problems: list[str]) -> None:
    for match in _OPENING_SENTENCE.finditer(plain.text, 0, end):
        problems += _unread(plain, match.start(), match.end())


def _read(plain: words.Plain, head: re.Match[str], end: int, year: int, problems: list[str]) -> Holiday:
    names = words.holiday_names(head["known"]) if head["known"] else (head["other"],)
    reader = HolidayReader(year, names, problems.append)
    last = head.start()
    for match in _SENTENCE.finditer(plain.text, head.end(), end):
        closed = plain.text[match.end() : match.end() + 1] == "。"
        if not closed and end == len(plain.text):
            problems += _unread(plain, match.start(), match.end())
        else:
            reader.sentence(match[0], _quote(plain, match.start(), match.end() + closed))
            last = match.end() + closed if not words.is_formula(match[0]) else last
    return reader.result(_quote(plain, head.start(), last))


def _unread(plain: words.Plain, start: int, end: int) -> Iterator[str]:
    """Names what no formula knows, line by line where the whole is not one."""
    if words.is_formula(plain.text[start:end]):
        return
    cuts = [start, *sorted(place for place in plain.line_starts if start < place < end), end]
    for begin, stop in pairwise(cuts):
        if not words.is_formula(plain.text[begin:stop]):
            yield f"没有读懂“{_quote(plain, begin, stop)}”。"


def _quote(plain: words.Plain, start: int, end: int) -> str:
    quoted = plain.original[start:end]
    return quoted if len(quoted) <= _LONGEST_QUOTE else f"{quoted[:_LONGEST_QUOTE]}……"


def _notice(plain: words.Plain, year: int, days: list[ListedDay], address: str) -> Notice:
    number = words.NUMBER.search(plain.original)
    signed = list(words.SIGNED.finditer(plain.text))
    dated = [
        words.signing_day(match["day"]) for match in signed if match["day"] and match.end() == len(plain.text)
    ]
    return Notice(
        year=year,
        number=number[0] if number else "",
        published_on=dated[-1] if dated else None,
        address=address,
        source=SOURCE,
        days=tuple(day for day in days if day.date.year == year),
    )
