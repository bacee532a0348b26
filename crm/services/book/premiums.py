"""Judges and writes the 保费 sheet: what was received on policies, and what was given back."""

import copy
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.book.lines import Line, Outcome
from crm.book.sheets import PREMIUMS
from crm.book.shelf import Scope, require_new, set_twins_aside, slices
from crm.models import LogEntry, Policy, Premium
from crm.services import audit
from crm.services.book import kept_rows
from crm.services.book.writing import write
from crm.time import local_date

FIELDS = ("paid_on", "amount_fen", "policy_year", "instalment")
Key = tuple[str, str]


class PremiumImporter:
    """Books premiums and corrects them; a premium never moves to another policy by import."""

    sheet = PREMIUMS
    together = "policy"

    def former(self, line: Line) -> dict[str, Any]:
        """This function will name what a change changed."""
        return dict(line.before)

    def rows(self, pks: Iterable[int]) -> QuerySet[Premium]:
        """This function will find premiums that a batch wrote."""
        return Premium.objects.filter(pk__in=pks).select_related("policy__customer")

    def take_back(self, row: Premium, before: dict[str, Any], scope: Scope) -> None:
        """This function will delete a new premium, or restore a corrected one."""
        if before:
            kept_rows.restore(row, before)
        else:
            kept_rows.remove(row)

    def judge(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will judge each line against the premiums that stand, on policies of ours or of this file."""
        keys = {line.number: (line.values.get("policy"), line.values.get("number")) for line in lines}
        set_twins_aside(lines, {number: key for number, key in keys.items() if all(key)})
        _find_policies(lines, scope)
        standing = _standing(lines, scope)
        for line in lines:
            if line.outcome is Outcome.DUPLICATE:
                continue
            policy = scope.policy_of(line)
            if policy is not None and "number" in line.values:
                known = standing.get((policy.number, line.values["number"]))
                _judge(line, policy, known, local_date(scope.now))

    def save(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will write new premiums at once and corrected ones one by one."""
        write(Premium, lines)
        audit.log_many([_entry(line, scope) for line in lines])


def _find_policies(lines: Iterable[Line], scope: Scope) -> None:
    """This function will tell the scope of the policies that rows name and that stand already."""
    reach = {branch.pk for branch in scope.branches.values()}
    named = {line.values["policy"] for line in lines if "policy" in line.values}
    for some in slices(sorted(named - scope.policies.keys())):
        for policy in Policy.objects.filter(number__in=some).select_related("customer"):
            if policy.customer.branch_id in reach:
                scope.policies[policy.number] = policy
            else:
                scope.policies_out_of_reach.add(policy.number)


def _standing(lines: Iterable[Line], scope: Scope) -> dict[Key, Premium]:
    named = {line.values.get("policy") for line in lines}
    numbers = {p.pk: number for number, p in scope.policies.items() if number in named and p.pk is not None}
    return {
        (numbers[row.policy_id], row.number): row
        for some in slices(sorted(numbers))
        for row in Premium.objects.filter(policy_id__in=some)
    }


def _judge(line: Line, policy: Policy, known: Premium | None, today: date) -> None:
    given = {field: line.values[field] for field in FIELDS if field in line.values}
    if known is None:
        if require_new(line, PREMIUMS):
            return
        row = Premium(policy=policy, number=line.values["number"], **given)
    else:
        row = copy.copy(known)
        row.policy = policy
        for field, value in given.items():
            setattr(row, field, value)
    if row.amount_fen == 0:
        line.refuse(_("金额（元）"), _("不能为零；没有收付就不用填这一行"))
    if row.paid_on > today:
        line.refuse(_("收付日期"), _("在今天之后，请核对；还没有收到的保费不用填"))
    if line.reasons:
        return
    line.row = row
    if known is not None:
        line.before = {f: getattr(known, f) for f in FIELDS if getattr(row, f) != getattr(known, f)}
        line.outcome = Outcome.UPDATE if line.before else Outcome.UNCHANGED


def _entry(line: Line, scope: Scope) -> LogEntry:
    row: Premium = line.row
    new = line.outcome is Outcome.NEW
    fields = FIELDS if new else tuple(line.before)
    after = {name: _plain(getattr(row, name)) for name in fields}
    return audit.entry(
        action="crm.premium.booked" if new else "crm.premium.corrected",
        subject=row,
        by=scope.by,
        now=scope.now,
        customer=row.customer,
        before=None if new else {name: _plain(value) for name, value in line.before.items()},
        after={"policy": row.policy.number, "number": row.number, **after},
        reason=_("导入批次 %(batch)s") % {"batch": scope.batch},
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
