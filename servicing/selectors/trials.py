"""The deadline calculator's shelf and its answer: which limits can be tried, and what a limit gives from a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.refusal import Refusal
from crm.selectors import calendars, house_rules
from crm.time.clocks import Due, PauseSpan
from servicing import trial
from servicing.clocks import choose_clock, is_clock
from servicing.models import ServiceStandard
from servicing.models.standard import Programme
from servicing.selectors import standards
from servicing.wording import limit_words

BY_KIND = "kind:"
KINDS = {
    "issue": gettext_lazy("出单"),
    "issue_extra_large": gettext_lazy("出单（特大型客户）"),
    "change": gettext_lazy("保全变更"),
    "simple_change": gettext_lazy("简单信息变更"),
    "enquiry": gettext_lazy("咨询查询"),
    "complaint": gettext_lazy("投诉"),
    "money_in": gettext_lazy("到账对账"),
    "money_out": gettext_lazy("付款"),
    "request": gettext_lazy("一般请求"),
    "claim_general": gettext_lazy("理赔（一般案件）"),
    "claim_investigation": gettext_lazy("理赔（调查案件）"),
}


class NothingIsPromised(Refusal):
    """The kind of request has no clock for that tier."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One limit run from a moment."""

    standard: ServiceStandard
    due: Due

    @property
    def limit(self) -> str:
        """This function will say the limit in words."""
        return limit_words(self.standard.unit, self.standard.amount)


@dataclass(frozen=True, slots=True)
class Trial:
    """The company's promise with the law's ceiling beside it, or one limit alone."""

    main: Tried
    ceiling: Tried | None = None


def choices(now: datetime) -> list[tuple[str, list[tuple[str, str]]]]:
    """This function will list what can be tried: kinds of requests, then every limit in force by programme."""
    shelf: dict[str, list[tuple[str, str]]] = {str(label): [] for _key, label in Programme.choices}
    for one in ServiceStandard.objects.in_force(now).order_by("pk"):
        if is_clock(one):
            shelf[str(Programme(one.programme).label)].append((one.code, _label(one)))
    kinds = [(f"{BY_KIND}{kind}", str(word)) for kind, word in KINDS.items()]
    return [(_("按事项（时限随层级而定）"), kinds), *((name, rows) for name, rows in shelf.items() if rows)]


def _label(one: ServiceStandard) -> str:
    return f"{one.name} · {limit_words(one.unit, one.amount)} · {one.rule}"


def try_out(*, clock: str, tier: str, at: datetime, pauses: Sequence[PauseSpan]) -> Trial:
    """This function will run a limit, or the limits of a kind of request, from a moment.

    Raises NothingIsPromised, NoSuchStandard, and what the counting raises.
    """
    if not clock.startswith(BY_KIND):
        return Trial(_run(clock, at, pauses))
    choice = choose_clock(clock.removeprefix(BY_KIND), tier=tier)
    codes = [code for code in (choice.company, choice.ceiling) if code]
    if not codes:
        raise NothingIsPromised(_("这一层级的客户办理此事项，没有时限承诺。请改选层级或标准。"))
    tried = [_run(code, at, pauses) for code in codes[:1]] + [_run(code, at, ()) for code in codes[1:]]
    return Trial(*tried)


def _run(code: str, at: datetime, pauses: Sequence[PauseSpan]) -> Tried:
    standard = standards.in_force(code, at)
    due = trial.work_out(
        standard,
        at,
        calendar=calendars.current(),
        rules=house_rules.current().time_rules(),
        pauses=pauses,
    )
    return Tried(standard, due)
