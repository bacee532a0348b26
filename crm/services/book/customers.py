"""Judges and writes the 客户 sheet."""

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from crm import rights
from crm.book.lines import Line, Outcome
from crm.book.sheets import CUSTOMERS
from crm.book.shelf import Scope, require_new, set_twins_aside
from crm.models import Customer, LogEntry, User
from crm.refusal import Refusal
from crm.services import audit, customers, handovers
from crm.services.book import kept_rows

FIELDS = ("kind", "name", "registration_no", "branch", "owner", "stage", "extra_large", "extra_large_from")
# which column a refusal of the customer's service is about
COLUMN_OF: dict[type[Refusal], str] = {
    customers.RegistrationNumberIsWrong: "统一社会信用代码",
    customers.OwnerCannotSeeCustomer: "客户经理工号",
    customers.ExtraLargeNeedsStart: "特大型起始日",
}


class CustomerImporter:
    """Makes customers and changes them; kind and branch of a known customer stay as they are."""

    sheet = CUSTOMERS
    together = "number"

    def former(self, line: Line) -> dict[str, Any]:
        """This function will name what a change changed, with what follows from the name."""
        old = line.former
        columns = [f.attname for f in Customer._meta.concrete_fields if f.name in line.before]
        return {name: getattr(old, name) for name in (*columns, "name_initials")}

    def rows(self, pks: Iterable[int]) -> QuerySet[Customer]:
        """This function will find customers that a batch wrote."""
        return Customer.objects.filter(pk__in=pks)

    def take_back(self, row: Customer, before: dict[str, Any], scope: Scope) -> None:
        """This function will withdraw a new customer, or give a changed one its former values."""
        if before:
            former = row.owner
            kept_rows.restore(row, before)
            Customer.objects.filter(pk=row.pk).update(version=F("version") + 1)
            if "owner_id" in before:
                _hand_over(Customer.objects.get(pk=row.pk), former, _("撤销导入批次 %(batch)s"), scope)
        else:
            customers.withdraw(row)

    def judge(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will judge each line and tell the scope which customers later sheets may name."""
        set_twins_aside(lines, {line.number: line.values.get("number") for line in lines})
        for line in lines:
            if line.outcome is not Outcome.DUPLICATE:
                self._judge(line, scope)
        # after all rows, so that a twin that is refused does not take the place of the row that stands
        for line in lines:
            number = line.values.get("number")
            if number is None or line.outcome is Outcome.DUPLICATE:
                continue
            if line.reasons:
                scope.refused.setdefault(number, line.number)
            else:
                scope.customers[number] = line.row

    def _judge(self, line: Line, scope: Scope) -> None:
        number = line.values.get("number")
        if number is None:
            return
        if number in scope.out_of_reach:
            line.refuse(_("客户号"), _("%(number)s 不在您可写的机构范围内") % {"number": number})
            return
        given = {field: line.values[field] for field in FIELDS if field in line.values}
        _resolve(line, given, scope)
        standing = scope.customers.get(number)
        if standing is None:
            _judge_new(line, given, scope)
        else:
            _judge_known(line, given, standing)

    def save(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will write new customers at once and changed ones one by one, guarding their version."""
        new = [line for line in lines if line.outcome is Outcome.NEW]
        Customer.objects.bulk_create([line.row for line in new])
        for line in lines:
            if line.outcome is Outcome.UPDATE:
                _update(line)
        audit.log_many([_entry(line, scope) for line in lines])
        for line in lines:
            if "owner" in line.before:
                _hand_over(line.row, line.before["owner"], _("导入批次 %(batch)s"), scope)


def _resolve(line: Line, given: dict[str, Any], scope: Scope) -> None:
    """This function will turn the codes of a row into branch and owner, or refuse them."""
    if "branch" in given:
        branch = scope.branches.get(given.pop("branch").upper())
        if branch is None:
            line.refuse(_("机构代码"), _("没有这个机构，或不在您可写的机构范围内，请核对"))
        else:
            given["branch"] = branch
    if "owner" in given:
        owner = scope.staff.get(given.pop("owner").upper())
        if owner is None:
            line.refuse(_("客户经理工号"), _("没有这个工号，或该员工已停用，请核对"))
        elif not rights.may(owner, "customer_edit"):
            line.refuse(_("客户经理工号"), _("%(name)s 的岗位不能维护客户，请另选") % {"name": owner.name})
        else:
            given["owner"] = owner


def _judge_new(line: Line, given: dict[str, Any], scope: Scope) -> None:
    if require_new(line, CUSTOMERS):
        return
    line.row = Customer(number=line.values["number"], created_at=scope.now, **given)
    line.outcome = Outcome.NEW
    _settle(line, line.row)


def _judge_known(line: Line, given: dict[str, Any], standing: Customer) -> None:
    if "kind" in given and given["kind"] != standing.kind:
        line.refuse(_("类型"), _("已登记为%(kind)s，导入不改变类型") % {"kind": standing.get_kind_display()})
    if "branch" in given and given["branch"].pk != standing.branch_id:
        line.refuse(
            _("机构代码"),
            _("已登记在%(branch)s，换机构请用客户转移，不用导入") % {"branch": standing.branch.name},
        )
    if line.reasons:
        return
    row = copy.copy(standing)
    for field, value in given.items():
        setattr(row, field, value)
    if not _settle(line, row):
        return
    changed = [field for field in FIELDS if getattr(row, field) != getattr(standing, field)]
    line.row = row
    line.before = {field: getattr(standing, field) for field in changed}
    line.former = standing
    line.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED


def _settle(line: Line, row: Customer) -> bool:
    try:
        customers.settle(row, [row.owner])
    except Refusal as refusal:
        line.refuse(COLUMN_OF.get(type(refusal), ""), refusal.message)
    return not line.reasons


def _update(line: Line) -> None:
    row = line.row
    values = {field: getattr(row, field) for field in line.before}
    values |= {"name_initials": row.name_initials, "version": F("version") + 1}
    if not Customer.objects.filter(pk=row.pk, version=row.version).update(**values):
        raise IntegrityError("customer changed meanwhile")
    row.version += 1


def _hand_over(row: Customer, former: User, reason: str, scope: Scope) -> None:
    """This function will write down that a customer changed hands; its promises and tickets follow (rulebook X-25)."""
    handovers.note_change(
        customer=row,
        former=former,
        former_branch=row.branch,
        by=scope.by,
        now=scope.now,
        reason=reason % {"batch": scope.batch},
    )


def _entry(line: Line, scope: Scope) -> LogEntry:
    row = line.row
    new = line.outcome is Outcome.NEW
    fields = ("number", "name", "branch", "owner") if new else tuple(line.before)
    return audit.entry(
        action="crm.customer.recorded" if new else "crm.customer.changed",
        subject=row,
        by=scope.by,
        now=scope.now,
        customer=row,
        before=None if new else {field: customers.plain(value) for field, value in line.before.items()},
        after={field: customers.plain(getattr(row, field)) for field in fields},
        reason=_("导入批次 %(batch)s") % {"batch": scope.batch},
    )
