"""The words of the State Council's yearly holiday notice: names, signs, and the sentences that set no day off."""

import re
from datetime import date
from typing import NamedTuple

from crm.time.calendar import LAST_DAY
from crm.time.festivals import dragon_boat, mid_autumn, qingming, spring_festival

# As people write them → as the calendar names them.
NAMES = {
    "元旦": "元旦",
    "新年": "元旦",
    "春节": "春节",
    "清明节": "清明节",
    "清明": "清明节",
    "“五一”国际劳动节": "劳动节",
    "国际劳动节": "劳动节",
    "劳动节": "劳动节",
    "端午节": "端午节",
    "端午": "端午节",
    "中秋节": "中秋节",
    "中秋": "中秋节",
    "国庆节": "国庆节",
}
_NAME = "|".join(sorted(map(re.escape, NAMES), key=len, reverse=True))
_NUMERAL = "[一二三四五六七八九十]"
# “二、春节:”; a holiday that the house has no name for needs its colon.
HEAD = re.compile(
    rf"(?P<ordinal>{_NUMERAL}{{1,3}})、"
    rf"(?:(?P<known>(?:{_NAME})(?:[、和及](?:{_NAME}))*):?|(?P<other>[^,。:;、()\d]{{2,20}}):)"
)
_ANY_NAME = re.compile(_NAME)

# One sign for one sign, so that places in the plain text are places in the original.
_SIGNS = str.maketrans("０１２３４５６７８９（），：；．﹕〈〉—–－―～~-", "0123456789(),:;.:<>至至至至至至至")
_BLANKS = re.compile(r"[\s\u3000\u200b\ufeff]+")

NUMBER = re.compile(r"国办发(?:明电)?[〔\[【(]\d{4}[〕\]】)]第?\d+号")
TITLE = re.compile(r"(?:国务院办公厅)?关于(\d{4})年(?:部分节假日|节假日)安排的?通知")
AMENDMENT = re.compile(r"关于(?:调整|延长)(\d{4})年[^。]{1,12}的?通知")
ANNOUNCED = re.compile(r"(?:(\d{4})年,?)?((?:“五一”)?元旦[^。]*?)放假调休")
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_OLD_DAY = r"[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
SIGNED = re.compile(rf"(?:国务院办公厅)?(?P<day>{_DAY}|{_OLD_DAY})?")
_OPENING = re.compile(
    rf"(?:新华社北京?\d{{1,2}}月\d{{1,2}}日电)?(?:{TITLE.pattern},?)?(?:全文如下)?(?:{NUMBER.pattern})?"
    r"(?:各省、[^。]{0,40}各直属机构)?(?:全文如下)?"
)
_REASONS = re.compile(
    r"(?:根据|经(?:党中央、)?国务院批准|为便于|据此|按照上述原则|现将|通知指出)(?:(?!上班|补休).)*"
)
_CLOSING = re.compile(r"节假日期间,各地区、各部门要(?:(?!上班|补休).)*")
_ENCOURAGED = r"鼓励(?:(?!上班|补休|放假).)*"
# 鼓励各单位……安排职工在除夕（2月9日）休息: said of a day, and still no day off
ENCOURAGED = re.compile(rf"(?=.*\d日){_ENCOURAGED}")
_WISH = re.compile(_ENCOURAGED)


class Plain(NamedTuple):
    """A text without its blanks: `original` to quote from, `text` with one kind of digits and signs."""

    original: str
    text: str
    line_starts: frozenset[int]


def plain(text: str) -> Plain:
    """This function will take the blanks out of a text and its full-width signs; lines stay known by their starts."""
    original, starts = "", {0}
    for line in text.splitlines():
        starts.add(len(original))
        original += _BLANKS.sub("", line)
    return Plain(original, original.translate(_SIGNS), frozenset(starts))


def holiday_names(words: str) -> tuple[str, ...]:
    """This function will find the holidays that a phrase names, each once, in order."""
    return tuple(dict.fromkeys(NAMES[name] for name in _ANY_NAME.findall(words)))


def is_formula(words: str) -> bool:
    """This function will say whether a sentence belongs to the usual opening or closing and sets no day."""
    formulas = (_OPENING, _REASONS, _CLOSING, _WISH, SIGNED)
    return any(formula.fullmatch(words) for formula in formulas)


def core_day(name: str, year: int) -> date | None:
    """This function will give the day that a holiday is about; None for one that the law's list does not have."""
    if not 1990 <= year <= LAST_DAY.year:
        return None
    fixed = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}
    if name in fixed:
        return date(year, *fixed[name])
    lunar = {"春节": spring_festival, "清明节": qingming, "端午节": dragon_boat, "中秋节": mid_autumn}
    return lunar[name](year) if name in lunar else None


def lawful_days(name: str, year: int) -> int | None:
    """This function will count a holiday's days off by law in a year (the law of 2007, changed for 2025 on)."""
    grown = year >= 2025
    counts = {
        "元旦": 1,
        "春节": 3 + grown,
        "清明节": 1,
        "劳动节": 1 + grown,
        "端午节": 1,
        "中秋节": 1,
        "国庆节": 3,
    }
    return counts.get(name)


def signing_day(words: str) -> date | None:
    """This function will read the day under a notice, 2025年11月4日 or 二○○九年十二月七日; None if it is no day."""
    parts = re.fullmatch(r"(.+)年(.+)月(.+)日", words)
    if parts is None:
        return None
    try:
        return date(*map(_number, parts.groups()))
    except ValueError:
        return None


def _number(words: str) -> int:
    """2025, 二○二五, 十二, 三十一."""
    if words.isascii():
        return int(words)
    digits = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
    if "十" not in words:
        return int("".join(str(digits[sign]) for sign in words))
    tens, _, ones = words.partition("十")
    return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)
