"""Whether the holidays read from a notice agree with each other, with its opening and with the law."""

from collections.abc import Iterator
from datetime import date

from crm.time.notice_holidays import Holiday, weekend
from crm.time.notice_words import ANNOUNCED, Plain, holiday_names, lawful_days

_ORDINALS = [*"一二三四五六七八九十"]


def gaps(plain: Plain, ordinals: list[str], holidays: list[Holiday]) -> Iterator[str]:
    """This function will name what is missing: a number, a holiday that the opening announces; and what comes twice."""
    if ordinals != _ORDINALS[: len(ordinals)]:
        yield f"各假期的序号不连续（{'、'.join(ordinals)}），可能漏贴了一段。"
    named = [name for holiday in holidays for name in holiday.names]
    announced = holiday_names("".join(match[2] for match in ANNOUNCED.finditer(plain.text)))
    missing = [name for name in announced if name not in named]
    if missing or not named:
        yield f"没有读到{'、'.join(missing) or '任何假期'}的安排，请完整粘贴通知全文。"
    for name in dict.fromkeys(named):
        if named.count(name) > 1:
            yield f"“{name}”写了两次。"


def clashes(holidays: list[Holiday]) -> Iterator[str]:
    """This function will name days that stand in two holidays, off in one and worked in another, say."""
    seen: dict[date, str] = {}
    for holiday in holidays:
        for day in (*holiday.off, *holiday.worked):
            if seen.setdefault(day, holiday.name) != holiday.name:
                yield f"{day} 同时出现在“{seen[day]}”和“{holiday.name}”里。"


def imbalance(holidays: list[Holiday], year: int) -> Iterator[str]:
    """This function will name the holidays that break the law's sum, if the year as a whole breaks it.

    The law gives the days off and 调休 only moves them: weekdays off = lawful days + days worked in exchange.
    """
    surplus = {holiday: _surplus(holiday, year) for holiday in holidays}
    if sum(surplus.values()) == 0:
        return
    for holiday, days in surplus.items():
        if days:
            what = f"多放 {days} 天，可能漏了“上班”的句子" if days > 0 else f"少放 {-days} 天"
            yield f"“{holiday.text}”：与法定天数和调休上班天数对不上（{what}）。"


def _surplus(holiday: Holiday, year: int) -> int:
    """Weekdays off beyond what law and exchange give; 0 for a holiday that the law's list does not have."""
    lawful = [lawful_days(name, year) for name in holiday.names]
    given = sum(days for days in lawful if days is not None) + len(holiday.worked)
    return 0 if None in lawful else sum(not weekend(day) for day in holiday.off) - given
