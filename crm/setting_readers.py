"""How a value written for a setting is read: strictly, into one type, or refused. Which settings exist lives elsewhere.

A reader takes what JSON can hold (floats excepted: they are not exact) and raises ValueError with the words
that say what was expected; `crm.house_rules` makes the sentence.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

Value = TypeVar("Value")
Reader = Callable[[Any], Value]
Hours = tuple[time, time]
MonthDay = tuple[int, int]
Bands = tuple[tuple[Decimal, Decimal], ...]

ALL_CHANNELS = "*"
_YES = (True, "on", "true", "开")
_NO = (False, "off", "false", "关")
_LEAP_YEAR = 2000


def flag(value: Any) -> bool:
    """This function will read yes or no; a number is neither."""
    if isinstance(value, bool | str) and value in _YES + _NO:
        return value in _YES
    raise ValueError("true 或 false")


def choice(*options: str, also: Mapping[str, str] | None = None) -> Reader[Any]:
    """This function will make a reader of one word out of a few, with other spellings of them."""
    spellings = {option: option for option in options} | dict(also or {})

    def read(value: Any) -> str:
        if isinstance(value, str) and value in spellings:
            return spellings[value]
        raise ValueError("以下之一：" + "、".join(options))

    return read


def whole(least: int = 0, most: int | None = None) -> Reader[int]:
    """This function will make a reader of whole numbers from `least` on, to `most` where there is an end."""

    def read(value: Any) -> int:
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= (most or value):
            return value
        raise ValueError(f"{least} 到 {most} 的整数" if most else f"不小于 {least} 的整数")

    return read


def optional(read: Reader[Value]) -> Reader[Value | None]:
    """This function will make a reader that also takes null, for a setting that is not set yet."""
    return lambda value: None if value is None else read(value)


def number(value: Any) -> Decimal:
    """This function will read an exact, finite number of 0 or more."""
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and found >= 0:
            return found
    raise ValueError('不小于 0 的数，小数请写在引号里，如 "0.20"')


def money(value: Any) -> Decimal:
    """This function will read an amount of yuan with at most two decimals."""
    found = number(value)
    cents = found.quantize(Decimal("0.01"))
    if cents != found:
        raise ValueError("最多两位小数的金额（元）")
    return cents


def share(value: Any) -> Decimal:
    """This function will read a share between 0 and 1."""
    found = number(value)
    if found > 1:
        raise ValueError('0 到 1 之间的比例，如 "0.20"')
    return found


def scale(steps: int) -> Reader[tuple[Decimal, ...]]:
    """This function will make a reader of so many rising amounts."""

    def read(value: Any) -> tuple[Decimal, ...]:
        found = tuple(money(one) for one in value) if isinstance(value, list | tuple) else ()
        if len(found) == steps and list(found) == sorted(set(found)):
            return found
        raise ValueError(f"{steps} 个由小到大的金额")

    return read


def clock_time(value: Any) -> time:
    """This function will read a time of day, 09:00 or 20:59:59, without zone."""
    if isinstance(value, time):
        return value
    try:
        found = time.fromisoformat(value) if isinstance(value, str) and ":" in value else None
    except ValueError:
        found = None
    if found is None or found.tzinfo or found.microsecond:
        raise ValueError("时间，如 09:00 或 20:59:59")
    return found


def hours(value: Any) -> Hours:
    """This function will read a span of a day, 09:00:00-18:00:00; both ends belong to it, said or not."""
    parts = value.removesuffix("inclusive").split("-") if isinstance(value, str) else value
    if isinstance(parts, list | tuple) and len(parts) == 2:
        opens, closes = (clock_time(part.strip() if isinstance(part, str) else part) for part in parts)
        if opens < closes:
            return opens, closes
    raise ValueError("一段时间，结束晚于开始，如 09:00:00-18:00:00")


def month_day(value: Any) -> MonthDay:
    """This function will read a day of every year, 07-31."""
    try:
        month, day = (int(part) for part in value.split("-"))
        date(_LEAP_YEAR, month, day)
    except (AttributeError, ValueError):
        raise ValueError("月-日，如 07-31") from None
    return month, day


def pair_of(read: Reader[Value]) -> Reader[tuple[Value, Value]]:
    """This function will make a reader of exactly two values."""

    def read_both(value: Any) -> tuple[Value, Value]:
        if isinstance(value, list | tuple) and len(value) == 2:
            return read(value[0]), read(value[1])
        raise ValueError("两个值的列表")

    return read_both


def some_of(words: Collection[str]) -> Reader[tuple[str, ...]]:
    """This function will make a reader of a list of known words, each once."""

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, list | tuple) and all(one in words for one in value):
            return tuple(dict.fromkeys(value))
        raise ValueError("列表，可选：" + "、".join(sorted(words)))

    return read


def channels(words: Collection[str]) -> Reader[tuple[str, ...]]:
    """This function will make a reader of the channels where something is on: all, none, or a list."""
    listed = some_of(words)

    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, bool | str):
            return (ALL_CHANNELS,) if flag(value) else ()
        if isinstance(value, Mapping):
            value = [channel for channel, on in value.items() if flag(on)]
        return (ALL_CHANNELS,) if value in ([ALL_CHANNELS], (ALL_CHANNELS,)) else listed(value)

    return read


def by_key(read_key: Reader[str], read: Reader[Value]) -> Reader[tuple[tuple[str, Value], ...]]:
    """This function will make a reader of a table, kept as sorted pairs so that it stays hashable."""

    def read_table(value: Any) -> tuple[tuple[str, Value], ...]:
        if value in ([], ()):
            return ()
        if not isinstance(value, Mapping):
            raise ValueError('对照表，如 {"phone": "20:00"}')
        return tuple(sorted((read_key(key), read(one)) for key, one in value.items()))

    return read_table


def bands(value: Any) -> Bands:
    """This function will read a table of coefficients, {"0": "1.00", "5": "1.10"}: from this value on, this coefficient.

    Both have at most two decimals, so that a score of whole fen stays a whole number.
    """
    if value in ([], ()):
        return ()
    try:
        pairs = value.items() if isinstance(value, Mapping) else value
        found = tuple(sorted((money(bound), money(one)) for bound, one in pairs))
    except (TypeError, ValueError):
        found = ()
    if found and len({bound for bound, _one in found}) == len(found):
        return found
    raise ValueError('由起点到系数的对照表，起点不重复，都最多两位小数，如 {"0": "1.00", "5": "1.10"}')


def word(value: Any) -> str:
    """This function will read a word that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError("非空文字")
