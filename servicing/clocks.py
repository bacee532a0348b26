"""Which clock a request gets, and what clock a standard is. Pure: counting lives in `crm.time`, rows elsewhere."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from crm.house_rules import SIMPLE_CHANGES
from crm.refusal import Refusal
from crm.time.clocks import Clock, Unit

VIP_TIERS = ("silver", "gold")
TIERS = ("ordinary", *VIP_TIERS)
_DAY = 86_400
_CLOCKS = frozenset(Unit)
_PAUSABLE = (Unit.WORKING_DAYS, Unit.NATURAL_DAYS, Unit.SAME_DAY)


class NotAClock(Refusal):
    """The standard has no clock that runs from an event: its date comes from the calendar, or it has none."""


class TierIsUnknown(Refusal):
    """The group scheme has no such tier."""


class NoClockForKind(Refusal):
    """The table of clocks does not know the kind of request."""


class CalendarUnit(StrEnum):
    """Limits whose dates a planner works out; they do not run from an event."""

    MONTHS_AHEAD = "months_ahead"
    YEARLY = "yearly"
    MONTHLY = "monthly"
    WINDOW = "window"
    UNTIMED = "untimed"

    @classmethod
    def everything(cls) -> frozenset[str]:
        """This function will list every unit that a standard may have, clocks included."""
        return frozenset((*map(str, cls), *map(str, Unit)))


_NOT_CLOCKS = {
    CalendarUnit.MONTHS_AHEAD: "按到期日往前推算月数，由提醒计划给出日期",
    CalendarUnit.YEARLY: "按年度次数考核",
    CalendarUnit.MONTHLY: "按月度次数考核",
    CalendarUnit.WINDOW: "在约定日期前后的一段时间内办理，由关怀计划给出日期",
    CalendarUnit.UNTIMED: "不设天数，只跟踪，法定时限照常计算",
}


class Limit(Protocol):
    """Anything that states a limit: a published standard, or an entry of the catalogue."""

    @property
    def code(self) -> str:
        """The code, PA-17.1."""

    @property
    def unit(self) -> str:
        """What it is counted in."""

    @property
    def amount(self) -> int:
        """How many of them."""

    @property
    def authority(self) -> str:
        """Company or statutory."""

    @property
    def pause_reasons(self) -> Sequence[str]:
        """For which reasons it may be paused."""


def knows_closures(limit: Limit) -> bool:
    """This function will say whether a branch's closed days count: in the company's promises, never in the law's."""
    return limit.authority == "company"


def is_clock(limit: Limit) -> bool:
    """This function will say whether a limit runs from an event."""
    return limit.unit in _CLOCKS


def may_pause(unit: str) -> bool:
    """This function will say whether clocks of a unit can be paused: those in days (rulebook X-13, X-10)."""
    return unit in _PAUSABLE


def clock_of(limit: Limit) -> Clock:
    """This function will give the clock of a limit; raises NotAClock for calendar promises."""
    if not is_clock(limit):
        why = _NOT_CLOCKS[CalendarUnit(limit.unit)]
        raise NotAClock(f"“{limit.code}”不是从某一事件起算的时限：{why}。")
    return Clock(Unit(limit.unit), limit.amount, statutory=limit.authority == "statutory")


def shortest_seconds(clock: Clock) -> int:
    """This function will say how long a clock lasts at the least: five working days are a week without holidays."""
    weeks, days = divmod(clock.amount, 5)
    return {
        Unit.WORKING_DAYS: (weeks * 7 + days) * _DAY,
        Unit.NATURAL_DAYS: clock.amount * _DAY,
        Unit.SAME_DAY: 0,
        Unit.HOURS: clock.amount * 3600,
        Unit.BUSINESS_HOURS: clock.amount * 3600,
        Unit.MINUTES: clock.amount * 60,
    }[clock.unit]


class ClockChoice(NamedTuple):
    """The codes of the company's promise and of the law's ceiling; None where there is none."""

    company: str | None
    ceiling: str | None


class _Row(NamedTuple):
    """One line of the table: the code for ordinary customers, for VIPs, and the law's."""

    ordinary: str | None
    vip: str | None
    ceiling: str | None = None


# Which clock a ticket gets. Claims stand here for the claims floor and the trial calculation.
_TABLE = {
    "issue": _Row("PA-17.1", "PA-18.1.2"),
    "issue_extra_large": _Row("PA-17.1", "PA-18.1.2-XL"),
    "change": _Row("PA-17.2", "PA-18.1.3"),
    "simple_change": _Row("PA-simple", "PA-simple"),
    "enquiry": _Row(None, "PA-18.2.1-normal"),
    "complaint": _Row(None, "PA-18.2.1-complaint", ceiling="R-4 simple"),
    "money_in": _Row(None, "PA-18.1.5-in"),
    "money_out": _Row(None, "PA-18.1.5-out"),
    "request": _Row("X-16", "X-16"),
    "claim_general": _Row("PA-17.3-general", "PA-18.1.4-general"),
    "claim_investigation": _Row("PA-17.3-investigation", "PA-18.1.4-investigation"),
    "claim_appraisal": _Row(None, None),
}

KINDS = frozenset({*_TABLE, "claim"})


def choose_clock(
    kind: str,
    change_type: str = "",
    tier: str = "ordinary",
    extra_large: bool = False,
    *,
    claim_type: str = "general",
    simple_change_types: Collection[str] = SIMPLE_CHANGES,
) -> ClockChoice:
    """This function will choose the clocks of a request by its kind and the tier at the trigger (rulebook X-15).

    No company clock means 无时限承诺. An extra-large VIP's issue is volume work and has its longer limit
    (PA-18.1.2); the flag means nothing for ordinary customers. Raises TierIsUnknown, NoClockForKind.
    """
    if tier not in TIERS:
        raise TierIsUnknown(f"没有“{tier}”这个层级；可用：{'、'.join(TIERS)}。")
    line = _line(kind, change_type, extra_large, claim_type, simple_change_types)
    row = _TABLE.get(line)
    if row is None:
        raise NoClockForKind(f"没有为“{kind}”规定时限；可用：{'、'.join(sorted(KINDS))}。")
    return ClockChoice(row.vip if tier in VIP_TIERS else row.ordinary, row.ceiling)


def _line(
    kind: str, change_type: str, extra_large: bool, claim_type: str, simple_change_types: Collection[str]
) -> str:
    """The line of the table that a request reads."""
    if kind == "issue" and extra_large:
        return "issue_extra_large"
    if kind == "change" and change_type in simple_change_types:
        return "simple_change"
    return f"claim_{claim_type}" if kind == "claim" else kind
