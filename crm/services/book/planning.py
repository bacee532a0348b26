"""Plans an import: what each row of a file would do, or every reason why it cannot. Nothing is written."""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from crm import access, rights
from crm.book import shelf
from crm.book.lines import Line, Outcome, Reason
from crm.book.reader import Grids, read
from crm.book.shelf import Importer, Scope, slices
from crm.book.tables import Table, tables
from crm.long_jobs import Beat
from crm.models import Branch, Customer, User
from crm.time import local


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of mistake, with how often it is made and where first."""

    sheet: str
    reason: Reason
    count: int
    rows: tuple[int, ...]


@dataclass(slots=True)
class Plan:
    """What an import would do, or did."""

    name: str
    scope: Scope
    tables: list[Table]
    aside: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_sheets: list[str] = field(default_factory=list)
    encoding: str = ""

    @property
    def lines(self) -> list[Line]:
        """This function will list all rows of all sheets."""
        return [line for table in self.tables for line in table.lines]

    def counts(self, table: Table | None = None) -> dict[str, int]:
        """This function will count rows by outcome, of one sheet or of all, with their total."""
        lines = table.lines if table else self.lines
        found = Counter(line.outcome.value for line in lines)
        return {"total": len(lines), **{outcome.value: found[outcome.value] for outcome in Outcome}}

    def causes(self) -> list[Cause]:
        """This function will group the reasons of refused rows, the most frequent first."""
        groups: dict[tuple[str, str, str], list[tuple[int, Reason]]] = {}
        for table in self.tables:
            for line in table.lines:
                for reason in line.reasons if line.outcome is Outcome.ERROR else ():
                    key = (table.sheet.title, reason.column, reason.cause)
                    groups.setdefault(key, []).append((line.number, reason))
        causes = [
            Cause(sheet, found[0][1], len(found), tuple(number for number, _reason in found[:5]))
            for (sheet, _column, _cause), found in groups.items()
        ]
        return sorted(causes, key=lambda cause: -cause.count)


def _unsaid(*, phase: str = "", done: int | None = None, total: int | None = None) -> None:
    """This function will tell nobody."""


def new_number(now: datetime) -> str:
    """This function will draw the number of a batch."""
    return f"DR{local(now):%Y%m%d-%H%M}-{secrets.token_hex(2).upper()}"


def plan_file(
    *, path: Path, name: str, by: User | None, now: datetime, number: str = "", beat: Beat = _unsaid
) -> Plan:
    """This function will read a file and plan it; without a person the whole tree may be written.

    Raises FileIsNotReadable, or NotAllowed where the person may not import. Repeating it changes nothing.
    """
    if by is not None:
        rights.require(by, "import_book")
    beat(phase=_("正在读取文件"))
    return plan(grids=read(path, name), name=name, by=by, now=now, number=number, beat=beat)


def plan(
    *,
    grids: Grids,
    name: str,
    by: User | None,
    now: datetime,
    number: str = "",
    beat: Beat = _unsaid,
) -> Plan:
    """This function will plan what was read."""
    importers = shelf.importers()
    found, aside = tables(grids, [importer.sheet for importer in importers])
    scope = _scope(found, by, now, number or new_number(now))
    total, done = sum(len(table.lines) for table in found), 0
    for importer in importers:
        for table in found:
            if table.sheet.key == importer.sheet.key:
                beat(phase=_("正在核对：%(table)s") % {"table": table.sheet.title}, done=done, total=total)
                _judge(importer, table, scope)
                done += len(table.lines)
    beat(phase=_("已核对"), done=total, total=total)
    hidden = [grid.title for grid in grids.sheets if grid.hidden]
    return Plan(name, scope, found, aside, grids.hidden_rows, hidden, grids.encoding)


def plan_tables(found: list[Table], *, name: str, by: User | None, now: datetime) -> Plan:
    """This function will plan tables that did not come out of a file."""
    scope = _scope(found, by, now, new_number(now))
    for importer in shelf.importers():
        for table in found:
            if table.sheet.key == importer.sheet.key:
                _judge(importer, table, scope)
    return Plan(name, scope, found)


def _judge(importer: Importer, table: Table, scope: Scope) -> None:
    importer.judge(table.lines, scope)
    for line in table.lines:
        if line.reasons and line.outcome is not Outcome.DUPLICATE:
            line.outcome = Outcome.ERROR


def _scope(found: Iterable[Table], by: User | None, now: datetime, number: str) -> Scope:
    """This function will gather what the rows may refer to, in a number of queries that grows only slowly."""
    branches = access.branches(by) if by else Branch.objects.all()
    staff = User.objects.filter(is_active=True).select_related("branch")
    scope = Scope(
        by=by,
        now=now,
        batch=number,
        branches={branch.code.upper(): branch for branch in branches},
        staff={person.username.upper(): person for person in staff},
    )
    reach = {branch.pk: branch for branch in scope.branches.values()}
    named = {line.values.get(table.sheet.customer_key) for table in found for line in table.lines}
    for some in slices(sorted(number for number in named if number)):
        for customer in Customer.objects.filter(number__in=some).select_related("owner__branch"):
            branch = reach.get(customer.branch_id)
            if branch is None or customer.merged_into_id:
                scope.out_of_reach.add(customer.number)
            else:
                customer.branch = branch
                scope.customers[customer.number] = customer
    return scope
