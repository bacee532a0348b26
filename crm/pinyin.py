"""Pinyin initials, by which people search for names: 张伟 is zw, 天津港 is tjg."""

from pypinyin import Style, lazy_pinyin

# Surnames are read otherwise than the same characters in words; two-character surnames come first.
SURNAMES = {
    "尉迟": "yc",
    "万俟": "mq",
    "长孙": "zs",
    "单于": "cy",
    "澹台": "tt",
    "单": "s",
    "解": "x",
    "曾": "z",
    "仇": "q",
    "查": "z",
    "区": "o",
    "朴": "p",
    "翟": "z",
    "乐": "y",
    "缪": "m",
    "种": "c",
    "覃": "q",
    "重": "c",
    "折": "s",
    "召": "s",
    "长": "z",
    "盖": "g",
    "秘": "b",
    "黑": "h",
    "尹": "y",
}


def initials(name: str) -> str:
    """This function will give the lower-case pinyin initials of a name; letters and digits stay, the rest goes."""
    letters = lazy_pinyin(name, style=Style.FIRST_LETTER, strict=False, errors="default")
    return "".join(c for part in letters for c in part.lower() if c.isascii() and c.isalnum())


def person_initials(name: str) -> str:
    """This function will give the initials of a person's name, reading the surname as a surname (单 is s)."""
    for surname in (name[:2], name[:1]):
        if surname in SURNAMES:
            return SURNAMES[surname] + initials(name[len(surname) :])
    return initials(name)
