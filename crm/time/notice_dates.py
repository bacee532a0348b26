"""Days as a holiday notice writes them: 2月15日（农历腊月二十八、周日）至23日, 2月20日（星期六）、21日."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from crm.time.festivals import new_years_eve
from crm.time.lunar import lunar_label
from crm.time.notice_words import core_day, holiday_names

_DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?"
_SPAN = re.compile(rf"{_DAY}(?:至+{_DAY})?")
_BETWEEN = re.compile("、|以?及|和")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"
_LUNAR = re.compile(
    r"(?:即|农历|大年)*(闰?(?:正|[一二三四五六七八九十冬腊])月)?((?:初|十|二十|廿|三十)[一二三四五六七八九十]?)"
)
_LONGEST = 31
DECEMBER = 12


class Days:
    """Reads days of one holiday's lines; what a line leaves out, month and year, it takes from before.

    Sentences about what cannot be are given to `complain`, which quotes the line.
    """

    def __init__(self, year: int, names: tuple[str, ...], complain: Callable[[str], None]) -> None:
        """This function will start at a holiday of a year's notice."""
        self.year = year
        self.names = names
        self._complain = complain
        self._month: int | None = None

    def read(self, phrase: str) -> list[date] | None:
        """This function will list the days of a phrase in order; None where the phrase is no list of days."""
        found: list[date] = []
        place = 0
        while match := _SPAN.match(phrase, place):
            found += self._span(match.groups())
            place = match.end()
            if place == len(phrase):
                return found
            sign = _BETWEEN.match(phrase, place)
            if sign is None:
                return None
            place = sign.end()
        return None

    def _span(self, parts: tuple[str | None, ...]) -> list[date]:
        """One day, or every day from … to."""
        first = self._day(*parts[:3])
        if parts[6] is None:
            self._check_note(first, parts[3])
            return [first] if first else []
        last = self._day(*parts[4:7])
        if first is None or last is None:
            return []
        begins, _, ends = (parts[7] or "").rpartition("至")
        self._check_note(first, parts[3] or begins)
        self._check_note(last, ends)
        length = (last - first).days + 1
        if not 1 < length <= _LONGEST:
            self._complain(f"从 {first} 到 {last} 不成立")
            return []
        return [first + timedelta(days=offset) for offset in range(length)]

    def _day(self, year: str | None, month: str | None, day: str | None) -> date | None:
        if month is not None:
            self._month = int(month)
        if self._month is None:
            self._complain(f"“{day}日”没有写明月份")
            return None
        before = "元旦" in self.names and self._month == DECEMBER
        expected = self.year - 1 if before else self.year
        said = int(year) if year else expected
        try:
            found = date(said, self._month, int(day or 0))
        except ValueError:
            self._complain(f"没有 {said} 年 {self._month} 月 {day} 日这一天")
            return None
        if said != expected:
            self._complain(f"{found} 不属于 {self.year} 年的放假安排")
            return None
        return found

    def _check_note(self, day: date | None, note: str | None) -> None:
        """What stands in brackets behind a day: its weekday, its lunar day, its name."""
        if day is None or not note:
            return
        for word in re.split("[、,]", note):
            weekday = _WEEKDAY.fullmatch(word)
            if weekday:
                named = "日" if weekday[1] == "天" else weekday[1]
                if _WEEKDAYS[day.weekday()] != named:
                    self._complain(f"{day} 是周{_WEEKDAYS[day.weekday()]}，不是周{named}")
            else:
                self._check_name(day, word)

    def _check_name(self, day: date, word: str) -> None:
        """除夕, 正月初七, 农历腊月二十八, 端午节, 农历清明当日."""
        lunar = _LUNAR.fullmatch(word)
        if word.removeprefix("即").removeprefix("农历") == "除夕":
            right = day == new_years_eve(day.year)
        elif lunar:
            right = lunar_label(day).endswith((lunar[1] or "") + _lunar_day(lunar[2]))
        else:
            names = holiday_names(word)
            if len(names) != 1:
                self._complain(f"没有读懂括号里的“{word}”")
                return
            right = core_day(names[0], day.year) == day
        if not right:
            self._complain(f"{day}（农历{lunar_label(day)}）不是“{word}”")


def _lunar_day(word: str) -> str:
    """廿八 for 二十八, as `lunar` writes it; 二十 and 三十 stay."""
    return f"廿{word[2:]}" if word.startswith("二十") and word != "二十" else word
