"""Numbers for words that give none: 即时, 及时, 立即 … where a rule has no figure of its own (X-16)."""

from crm.refusal import Refusal
from crm.time.clock_parts import Clock, Unit

# 定期 is not a clock but a rhythm: once in each quarter.
REGULARLY_MONTHS = 3

_CLOCKS = {
    "即时": Clock(Unit.SAME_DAY, 0),
    "及时": Clock(Unit.WORKING_DAYS, 1),
    "立即": Clock(Unit.MINUTES, 30),
    "第一时间": Clock(Unit.HOURS, 24),
    "一定时间内回复": Clock(Unit.WORKING_DAYS, 2),
    "规定时间内": Clock(Unit.WORKING_DAYS, 5),
}


class VagueWordHasNoNumber(Refusal):
    """Nobody has said how long that word is."""


def clock_for(word: str) -> Clock:
    """This function will give the clock behind a vague word; it refuses one without a number (尽快)."""
    if word not in _CLOCKS:
        raise VagueWordHasNoNumber(f"“{word}”没有约定具体时限，请在服务标准中写明数字和单位。")
    return _CLOCKS[word]
