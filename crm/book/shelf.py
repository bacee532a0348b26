"""The shelf of importers, one a sheet, and what the import tells them. Upper floors put theirs here in `book.py`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.book.columns import Sheet
from crm.book.lines import Line
from crm.models import Branch, Customer, Policy, User

Value = TypeVar("Value")


@dataclass(slots=True)
class Scope:
    """Who imports what when, and what the rows may refer to."""

    by: User | None
    now: datetime
    batch: str
    branches: dict[str, Branch]  # those whose customers may be written, by code
    staff: dict[str, User]
    customers: dict[str, Customer] = field(default_factory=dict)  # by number: ours, and new ones of this file
    out_of_reach: set[str] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)  # number → row whose customer cannot be taken
    policies: dict[str, Policy] = field(default_factory=dict)  # by number, as far as rows have named them
    policies_out_of_reach: set[str] = field(default_factory=set)
    policies_refused: dict[str, int] = field(default_factory=dict)

    def customer_of(self, line: Line) -> Customer | None:
        """This function will find the customer that a row of another sheet names, or refuse the row."""
        number = line.values.get("customer")
        if number is None:
            return None
        found = self.customers.get(number)
        if found is not None:
            return found
        if number in self.refused:
            line.refuse(
                _("客户号"),
                _("“客户”表第 %(row)s 行的这位客户有错误，请先改正那一行") % {"row": self.refused[number]},
            )
        elif number in self.out_of_reach:
            line.refuse(_("客户号"), _("%(number)s 不在您可写的机构范围内") % {"number": number})
        else:
            line.refuse(
                _("客户号"),
                _("%(number)s 还没有登记，请核对，或先在“客户”表中填写") % {"number": number},
            )
        return None

    def policy_of(self, line: Line) -> Policy | None:
        """This function will find the policy that a row names, or refuse the row."""
        number = line.values.get("policy")
        if number is None:
            return None
        found = self.policies.get(number)
        if found is not None:
            return found
        if number in self.policies_refused:
            line.refuse(
                _("保单号"),
                _("“保单”表第 %(row)s 行的这张保单有错误，请先改正那一行")
                % {"row": self.policies_refused[number]},
            )
        elif number in self.policies_out_of_reach:
            line.refuse(_("保单号"), _("%(number)s 不在您可写的机构范围内") % {"number": number})
        else:
            line.refuse(
                _("保单号"),
                _("%(number)s 还没有登记，请核对，或先在“保单”表中填写") % {"number": number},
            )
        return None


class Importer(Protocol):
    """Knows one sheet: what its rows would do, and how to do it."""

    sheet: Sheet
    # rows with the same value here are about each other and are written together
    together: str

    def former(self, line: Line) -> dict[str, Any]:
        """This function will name the columns that a written change changed, with their former values."""

    def rows(self, pks: Iterable[int]) -> QuerySet[Any]:
        """This function will find rows that a batch wrote."""

    def take_back(self, row: Any, before: dict[str, Any], scope: Scope) -> None:
        """This function will undo a new row (`before` is empty) or a change; raises Refusal where it cannot."""

    def judge(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will give every line its outcome or its reasons, writing nothing."""

    def save(self, lines: Sequence[Line], scope: Scope) -> None:
        """This function will write lines judged new or update, with their log, in the caller's transaction."""


_importers: dict[str, Importer] = {}


def add_importer(importer: Importer) -> None:
    """This function will put an importer on the shelf; the same sheet twice is the same as once."""
    _importers[importer.sheet.key] = importer


def importers() -> list[Importer]:
    """This function will list the importers in the order in which their sheets must be read."""
    return sorted(_importers.values(), key=lambda importer: importer.sheet.order)


def sheets() -> list[Sheet]:
    """This function will list the sheets that the book knows, in order."""
    return [importer.sheet for importer in importers()]


def slices(values: Sequence[Value], size: int = 500) -> Iterator[Sequence[Value]]:
    """This function will cut a long list into pieces that a query or a transaction can carry."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def require_new(line: Line, sheet: Sheet) -> bool:
    """This function will refuse a new row for each missing column, and say whether anything stands against it."""
    said = {reason.column for reason in line.reasons}
    for column in sheet.columns:
        if column.needed == "new" and column.key not in line.values and column.title not in said:
            line.refuse(column.title, _("新增时必填，请补上"))
    return bool(line.reasons)


def set_twins_aside(lines: Iterable[Line], keys: dict[int, object]) -> None:
    """This function will let the first of several rows about the same thing stand and settle the others.

    `keys` names by row number what a row is about. A row saying exactly the same is a duplicate; one saying
    something else is refused, because nobody can know which is right.
    """
    first: dict[object, Line] = {}
    for line in lines:
        key = keys.get(line.number)
        if key is None:
            continue
        other = first.setdefault(key, line)
        if other is line:
            continue
        if other.values == line.values and not other.reasons:
            line.set_duplicate(_("与第 %(row)s 行完全相同，已略过") % {"row": other.number})
        else:
            line.refuse("", _("与第 %(row)s 行是同一项，请只保留正确的一行") % {"row": other.number})
