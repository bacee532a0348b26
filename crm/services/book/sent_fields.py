"""Reads the fields of one sent row as the cells of its columns would be read, for the import to judge."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from crm.book import sheets
from crm.book.cells import Cell, CellIsUnreadable
from crm.book.columns import Column, Sheet
from crm.book.lines import Line
from crm.models import Contact, Customer, Policy, Premium
from crm.services import source_keys

# what null may empty, and with what
EMPTIED: dict[str, dict[str, Any]] = {
    "customers": {"registration_no": "", "extra_large_from": None},
    "contacts": {"title": "", "phone": "", "id_no": ""},
    "policies": {"pay_years": None, "delivered_date": None, "ends_date": None},
    "premiums": {},
}
# a machine writes our codes; the words of the sheet are understood as well
CODES: dict[str, dict[str, str]] = {
    "kind": sheets.KINDS,
    "stage": sheets.STAGES,
    "role": sheets.ROLES,
    "calendar": sheets.CALENDARS,
    "line": sheets.LINES,
    "frequency": sheets.FREQUENCIES,
    "status": sheets.STATUSES,
}
# columns that name another row, which may be named by the system's own key as well: its noun and that field
BY_THEIR_KEY = {"customer": ("customer", "customer_external_id"), "policy": ("policy", "policy_external_id")}
NEVER_SENT = {
    "customer": _lazy("这个来源系统还没有送过这位客户，请先送客户"),
    "policy": _lazy("这个来源系统还没有送过这张保单，请先送保单"),
}
LONGEST_FIGURE = 10**15
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it was sent: the system's own key, and fields by the columns' keys."""

    external_id: str
    fields: dict[str, Any]


def line(
    number: int, record: Record, sheet: Sheet, row: source_keys.Row | None, named: dict[str, dict[str, str]]
) -> Line:
    """This function will read one sent row; `row` is what its key means, `named` customers and policies by their keys."""
    one, fields = Line(number, (), {}, known=row), dict(record.fields)
    for key, (_noun, field) in BY_THEIR_KEY.items():
        if key in sheet.by_key and field in fields:
            asked = fields.pop(field)
            if isinstance(asked, str) and asked in named[key]:
                one.values[key] = named[key][asked]
            else:
                one.refuse(sheet.by_key[key].title, str(NEVER_SENT[key]))
    for key in sorted(fields.keys() - sheet.by_key.keys()):
        one.refuse(key[:LONGEST_NAME], _("没有这个字段，请去掉"))
    for key, column in sheet.by_key.items():
        if key in fields:
            _read(one, column, fields[key], EMPTIED[sheet.key])
    _complete(one, sheet, record, row)
    return one


def _read(line: Line, column: Column, value: Any, emptied: dict[str, Any]) -> None:
    if value is None:
        if column.key in emptied:
            line.values[column.key] = emptied[column.key]
        else:
            line.refuse(column.title, _("不能清空，请填写或去掉这一项"))
    elif isinstance(value, dict | list):
        line.refuse(column.title, _("应为文字、数字或 true、false"))
    elif isinstance(value, str) and value in CODES.get(column.key, {}).values():
        line.values[column.key] = value
    elif not isinstance(value, str) or value.strip():
        try:
            line.values[column.key] = column.read(_cell(value))
        except CellIsUnreadable as refusal:
            line.refuse(column.title, refusal.message)


def _cell(value: Any) -> Cell:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) < LONGEST_FIGURE else str(value)
    return value  # type: ignore[no-any-return]


def _complete(line: Line, sheet: Sheet, record: Record, row: source_keys.Row | None) -> None:
    """This function will fill in what a known row says of itself, and refuse what would make it another one."""
    for key, value in _own(row).items():
        given = line.values.setdefault(key, value)
        if given != value and key != "name" and not _old_number(row, key, given):
            line.refuse(sheet.by_key[key].title, _("与这个来源键已登记的不同，不能改成另一个，请核对"))
        elif key != "name":
            line.values[key] = value
    if row is None and "number" in sheet.by_key and "number" not in line.values:
        _borrow(line, sheet.by_key["number"], record.external_id)
    said = {reason.column for reason in line.reasons}
    for column in sheet.columns:
        if column.is_key and column.key not in line.values and column.title not in said:
            line.refuse(column.title, _("没有填写，请补上"))


def _borrow(line: Line, column: Column, external_id: str) -> None:
    """This function will take the system's key for our number where the row names none."""
    if any(reason.column == column.title for reason in line.reasons):
        return
    try:
        line.values["number"] = column.read(external_id)
    except CellIsUnreadable as refusal:
        line.refuse(column.title, refusal.message)


def _own(row: source_keys.Row | None) -> dict[str, str]:
    if isinstance(row, Customer):
        return {"number": row.number}
    if isinstance(row, Policy):
        return {"number": row.number, "customer": source_keys.survivor(row.customer).number}
    if isinstance(row, Premium):
        return {"policy": row.policy.number, "number": row.number}
    if isinstance(row, Contact):
        return {
            "customer": source_keys.survivor(row.customer).number,
            "role": row.role,
            "name": row.name,
        }
    return {}


def _old_number(row: source_keys.Row | None, key: str, given: str) -> bool:
    """This function will know the number that a customer had before it was merged."""
    if key not in ("number", "customer") or row is None:
        return False
    if key == "number" and not isinstance(row, Customer):
        return False
    customer = row if isinstance(row, Customer) else source_keys.survivor(row.customer)
    old = Customer.objects.filter(number=given).select_related("merged_into").first()
    return old is not None and source_keys.survivor(old).pk == customer.pk
