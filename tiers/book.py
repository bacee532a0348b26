"""The 层级 sheet of the book: puts its importer on the ground floor's shelf."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.book.cells import choice, identifier, text
from crm.book.columns import Column, Sheet
from crm.book.dates import day
from crm.book.lines import Line, Outcome
from crm.book.sheets import CUSTOMER_NUMBER, NUMBER_AS_TEXT, options
from crm.book.shelf import Scope, add_importer, require_new, set_twins_aside, slices
from crm.models import Customer
from tiers.models import Assignment, Level, Scheme
from tiers.services import assignments

LEVELS = options(Level.choices, 金="gold", 银="silver", 金牌VIP="gold", 银牌VIP="silver", 普通客户="ordinary")
# Only the group scheme takes its levels from a file; stars are computed.
SCHEMES = {str(Scheme.GROUP_VIP.label): Scheme.GROUP_VIP.value}

TIERS = Sheet(
    "tiers",
    "层级",
    40,
    (
        Column("customer", "客户号", identifier(30), "key", NUMBER_AS_TEXT, "K0001024", CUSTOMER_NUMBER),
        Column(
            "scheme",
            "体系",
            choice(SCHEMES),
            note=gettext_lazy("不填为团险 VIP"),
            sample="团险 VIP",
            options=tuple(SCHEMES),
        ),
        Column(
            "level",
            "级别",
            choice(LEVELS),
            "key",
            gettext_lazy("普通、银牌或金牌"),
            "银牌",
            ("层级", "VIP级别", "客户层级"),
            tuple(LEVELS)[:3],
        ),
        Column(
            "active_from",
            "生效日",
            day,
            "new",
            gettext_lazy("从这一天起"),
            "2026-01-01",
            ("起始日", "生效日期"),
        ),
        Column(
            "reason", "依据", text(200), "", gettext_lazy("评定文件或审批编号"), "2026 年度评定", (), (), 24
        ),
    ),
    ("客户层级", "VIP层级"),
)


class TierImporter:
    """Gives customers levels from a day on, through the one service that does so."""

    sheet = TIERS
    together = "customer"

    def former(self, line: Line) -> dict[str, Any]:
        """This function will name the level that the new one ended."""
        return {"ended": line.former.pk}

    def rows(self, pks: Iterable[int]) -> QuerySet[Assignment]:
        """This function will find levels that a batch gave."""
        return Assignment.objects.filter(pk__in=pks).select_related("customer")

    def take_back(self, row: Assignment, before: dict[str, Any], scope: Scope) -> None:
        """This function will take a level back; the one that it ended runs on."""
        assignments.take_back(assignment=row, ended=before.get("ended"), by=scope.by, now=scope.now)

    def judge(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will judge each line against the periods that stand."""
        set_twins_aside(
            lines,
            {n.number: n.values["customer"] for n in lines if "customer" in n.values and "level" in n.values},
        )
        standing = _standing(lines, scope)
        for line in lines:
            if line.outcome is Outcome.DUPLICATE:
                continue
            customer = scope.customer_of(line)
            if customer is not None and not require_new(line, TIERS):
                _judge(line, customer, standing[line.values["customer"]])

    def save(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will assign level by level; the service writes the log of each."""
        for line in lines:
            row: Assignment = line.row
            line.row = assignments.assign(
                customer=row.customer,
                scheme=row.scheme,
                level=row.level,
                active_from=row.active_from,
                source=scope.batch,
                reason=line.values.get("reason", ""),
                by=scope.by,
                now=scope.now,
            )


def _judge(line: Line, customer: Customer, periods: list[Assignment]) -> None:
    row = Assignment(
        customer=customer,
        scheme=line.values.get("scheme", Scheme.GROUP_VIP.value),
        level=line.values["level"],
        active_from=line.values["active_from"],
    )
    line.row = row
    running = next((p for p in periods if p.active_to is None), None)
    if any((p.level, p.active_from) == (row.level, row.active_from) for p in periods) or (
        running and running.level == row.level and running.active_from < row.active_from
    ):
        line.outcome = Outcome.UNCHANGED
    elif any(_in_the_way(period, row.active_from) for period in periods):
        line.refuse(_("生效日"), _("这一天及以后已登记了别的级别，请改用更晚的日期，或先更正已有的层级"))
    elif running:
        line.outcome, line.former = Outcome.UPDATE, running


def _in_the_way(period: Assignment, start: date) -> bool:
    """This function will say whether a period reaches past a day and is not simply ended by it."""
    if period.active_to is None:
        return period.active_from >= start
    return period.active_to > start


def _standing(lines: Iterable[Line], scope: Scope) -> dict[str, list[Assignment]]:
    named = {line.values.get("customer") for line in lines}
    numbers = {c.pk: number for number, c in scope.customers.items() if number in named and c.pk is not None}
    periods: dict[str, list[Assignment]] = defaultdict(list)
    for some in slices(sorted(numbers)):
        for row in Assignment.objects.filter(customer_id__in=some, scheme=Scheme.GROUP_VIP):
            periods[numbers[row.customer_id]].append(row)
    return periods


add_importer(TierImporter())
