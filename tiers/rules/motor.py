"""Reading the motor flag, e.g. 钻石(-3)成功男士 (rulebook CP-1). It is imported, never computed."""

import re
from typing import NamedTuple

from crm.refusal import Refusal

YEARS_WITHOUT_CLAIM = -3
_FLAG = re.compile(r"(?P<level>[^()\d\s-]*)\((?P<count>[+-]?\d+)\)(?P<segment>[^()\d\s-]*)")
_WIDE = str.maketrans("（）－−—＋０１２３４５６７８９", "()---+0123456789")


class FlagIsUnreadable(Refusal):
    """The text is not level(n)segment."""


class MotorFlag(NamedTuple):
    """A flag in its parts; `claims` is the number as the motor system writes it, -3 for three years without."""

    level: str
    claims: int
    segment: str

    @property
    def qualifies(self) -> bool:
        """This function will tell whether the programme is open to the customer: -3 only, other counts open nothing."""
        return self.claims == YEARS_WITHOUT_CLAIM


def motor_flag(text: str) -> MotorFlag:
    """This function will read a flag, wide brackets and signs included; raises FlagIsUnreadable."""
    found = _FLAG.fullmatch(text.strip().translate(_WIDE))
    if found is None:
        raise FlagIsUnreadable(f"车险标识“{text}”看不懂，应形如 钻石(-3)成功男士 或 (-3)女性，请核对。")
    return MotorFlag(found["level"], int(found["count"]), found["segment"])
