"""Judges and writes the 保单 sheet."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.book.lines import Line, Outcome
from crm.book.sheets import POLICIES
from crm.book.shelf import Scope, require_new, set_twins_aside, slices
from crm.models import Customer, LogEntry, Policy
from crm.refusal import Refusal
from crm.services import audit, policies
from crm.services.book import kept_rows
from crm.services.book.writing import write

FIELDS = (
    "product",
    "line",
    "long_term",
    "premium_fen",
    "frequency",
    "pay_years",
    "effective_date",
    "delivered_date",
    "ends_date",
    "status",
)


class PolicyImporter:
    """Makes policies and changes them; a policy never moves to another customer by import."""

    sheet = POLICIES
    together = "number"

    def former(self, line: Line) -> dict[str, Any]:
        """This function will name what a change changed."""
        return dict(line.before)

    def rows(self, pks: Iterable[int]) -> QuerySet[Policy]:
        """This function will find policies that a batch wrote."""
        return Policy.objects.filter(pk__in=pks)

    def take_back(self, row: Policy, before: dict[str, Any], scope: Scope) -> None:
        """This function will delete a new policy, or restore a changed one."""
        if before:
            kept_rows.restore(row, before)
        else:
            kept_rows.remove(row)

    def judge(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will judge each line against the policies that stand."""
        set_twins_aside(lines, {line.number: line.values.get("number") for line in lines})
        standing = _standing(lines)
        for line in lines:
            if line.outcome is Outcome.DUPLICATE:
                continue
            customer = scope.customer_of(line)
            if customer is not None and "number" in line.values:
                _judge(line, customer, standing.get(line.values["number"]))
        _tell(lines, scope)

    def save(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will write new policies at once and changed ones one by one."""
        write(Policy, lines)
        audit.log_many([_entry(line, scope) for line in lines])


def _tell(lines: Iterable[Line], scope: Scope) -> None:
    """This function will tell the scope which policies later sheets may name."""
    for line in lines:
        number = line.values.get("number")
        if number is None or line.outcome is Outcome.DUPLICATE:
            continue
        if line.reasons:
            scope.policies_refused.setdefault(number, line.number)
        else:
            scope.policies[number] = line.row


def _standing(lines: Iterable[Line]) -> dict[str, Policy]:
    numbers = sorted({line.values["number"] for line in lines if "number" in line.values})
    return {
        policy.number: policy
        for some in slices(numbers)
        for policy in Policy.objects.filter(number__in=some).select_related("customer")
    }


def _judge(line: Line, customer: Customer, known: Policy | None) -> None:
    given = {field: line.values[field] for field in FIELDS if field in line.values}
    if known is None:
        if require_new(line, POLICIES):
            return
        row = Policy(number=line.values["number"], customer=customer, **given)
    elif known.customer.number != customer.number:
        line.refuse(_("保单号"), _("已登记在另一位客户名下，导入不改变投保人，请核对"))
        return
    else:
        row = copy.copy(known)
        for field, value in given.items():
            setattr(row, field, value)
    try:
        policies.check(row)
    except Refusal as refusal:
        line.refuse(_("保障末日"), refusal.message)
    if line.reasons:
        return
    line.row = row
    if known is not None:
        line.before = {f: getattr(known, f) for f in FIELDS if getattr(row, f) != getattr(known, f)}
        line.outcome = Outcome.UPDATE if line.before else Outcome.UNCHANGED


def _entry(line: Line, scope: Scope) -> LogEntry:
    row: Policy = line.row
    new = line.outcome is Outcome.NEW
    old = copy.copy(row)
    for field, value in line.before.items():
        setattr(old, field, value)
    return audit.entry(
        action="crm.policy.recorded" if new else "crm.policy.changed",
        subject=row,
        by=scope.by,
        now=scope.now,
        customer=row.customer,
        before=None if new else policies.plain(old, line.before),
        after={"number": row.number, **policies.plain(row, FIELDS)}
        if new
        else policies.plain(row, line.before),
        reason=_("导入批次 %(batch)s") % {"batch": scope.batch},
    )
