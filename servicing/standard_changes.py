"""What a change of a standard says: the field-by-field difference, and where it loosens the promise. No rows are read.

Who may change what, and when it takes effect, is decided in `servicing.services.standard_drafts`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.refusal import Refusal
from crm.time.clocks import Unit
from servicing.catalogue import Entry
from servicing.clocks import CalendarUnit, clock_of, is_clock, shortest_seconds
from servicing.models.commitment import PauseReason
from servicing.models.standard import Authority, Programme
from servicing.wording import standard_words
from tiers.models import Level

LARGEST = 999
COUNTED = frozenset((CalendarUnit.MONTHS_AHEAD, CalendarUnit.YEARLY, CalendarUnit.MONTHLY))


class LimitCannotBe(Refusal):
    """The amount or the unit makes no limit that could be counted."""


class Difference(NamedTuple):
    """One field of two versions, in words."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """This function will say whether the two differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Change:
    """What an institution may change of a standard."""

    unit: str
    amount: int
    wording: str
    pause_reasons: tuple[str, ...]
    evidence: tuple[str, ...]

    def applied_to(self, entry: Entry) -> Entry:
        """This function will write the standard as it would be; raises LimitCannotBe, StandardIsUnsound.

        Only clocks change their unit, and only into clocks: the date of other limits comes from a plan. A limit
        until the end of the day has no number.
        """
        if self.unit != entry.unit and not {self.unit, entry.unit} <= set(Unit):
            raise LimitCannotBe(_("“%(code)s”的单位不能这样改，请保留原单位。") % {"code": entry.code})
        amount = 0 if self.unit == Unit.SAME_DAY else self.amount
        if amount != entry.amount and not has_amount(self.unit) and self.unit != Unit.SAME_DAY:
            raise LimitCannotBe(_("“%(code)s”的日期由计划给出，数量不能修改。") % {"code": entry.code})
        if has_amount(self.unit) and not 1 <= amount <= LARGEST:
            raise LimitCannotBe(_("数量应为 1 到 %(most)d 之间的整数。") % {"most": LARGEST})
        return replace(
            entry,
            unit=self.unit,
            amount=amount,
            wording=self.wording,
            pause_reasons=self._pauses(entry),
            evidence=self.evidence,
        )

    def _pauses(self, entry: Entry) -> tuple[str, ...]:
        """The same reasons in another order are no change; an unknown one is left for the entry to refuse."""
        if set(self.pause_reasons) == set(entry.pause_reasons):
            return entry.pause_reasons
        order = PauseReason.values
        return tuple(
            sorted(self.pause_reasons, key=lambda one: order.index(one) if one in order else len(order))
        )


def has_amount(unit: str) -> bool:
    """This function will say whether a limit of the unit is a number that can be set."""
    return unit in COUNTED or (unit in set(Unit) and unit != Unit.SAME_DAY)


def units_for(unit: str) -> tuple[str, ...]:
    """This function will list the units that a limit may change into, its own included."""
    return tuple(Unit) if unit in set(Unit) else (unit,)


def differences(before: Entry, after: Entry) -> list[Difference]:
    """This function will lay two versions side by side, field by field, those that agree as well."""
    told = zip(_told(before), _told(after), strict=True)
    return [Difference(label, old, new) for (label, old), (_label, new) in told]


def loosened(before: Entry, after: Entry) -> list[str]:
    """This function will say in which ways a version promises the customer less than the one before it."""
    said = []
    if _is_later(before, after):
        words = {"old": _limit(before), "new": _limit(after)}
        said.append(_("时限由“%(old)s”放宽为“%(new)s”") % words)
    added = [one for one in after.pause_reasons if one not in before.pause_reasons]
    if added:
        said.append(_("新增可暂停的原因：%(which)s") % {"which": pause_words(added)})
    dropped = [one for one in before.evidence if one not in after.evidence]
    if dropped:
        said.append(_("不再要求的凭据：%(which)s") % {"which": "、".join(dropped)})
    return said


def tier_words(tiers: Iterable[str]) -> list[str]:
    """This function will name levels of any scheme: 金牌, 3 星."""
    return [
        str(Level(one).label)
        if one in Level.values
        else _("%(n)s 星") % {"n": one}
        if one.isdecimal()
        else one
        for one in tiers
    ]


def pause_words(reasons: Iterable[str]) -> str:
    """This function will name reasons to pause, in the order of the rule book."""
    held = set(reasons)
    return "、".join(str(one.label) for one in PauseReason if one.value in held)


def _is_later(before: Entry, after: Entry) -> bool:
    if is_clock(before) and is_clock(after):
        return shortest_seconds(clock_of(after)) > shortest_seconds(clock_of(before))
    return after.unit == before.unit and after.unit in COUNTED and after.amount < before.amount


def _limit(entry: Entry) -> str:
    return standard_words(entry.unit, entry.amount)


def _told(entry: Entry) -> list[tuple[str, str]]:
    return [
        (_("服务体系"), str(Programme(entry.programme).label)),
        (_("条款"), entry.rule),
        (_("名称"), entry.name),
        (_("效力"), str(Authority(entry.authority).label)),
        (_("承诺"), entry.wording),
        (_("适用层级"), "、".join(tier_words(entry.tiers)) or _("不分层级")),
        (_("时限"), _limit(entry)),
        (_("起算"), entry.start),
        (_("办结"), entry.finish),
        (_("可暂停原因"), pause_words(entry.pause_reasons)),
        (_("凭据"), "、".join(entry.evidence)),
        (_("依据"), _("条款原文") if entry.sourced else _("默认值，可由机构调整")),
    ]
