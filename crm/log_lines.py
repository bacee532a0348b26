"""How rows of the log read on a page: the act in words, who, when, and what changed from what to what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.models import Contact, Customer, LogEntry, Policy
from crm.registry import log_word

LABELS = {
    field.name: field.verbose_name
    for model in (Policy, Contact, Customer)
    for field in model._meta.get_fields()
    if hasattr(field, "verbose_name")
}
SPECIAL = {"phone": _("手机"), "id_no": _("证件号码"), "level": _("层级"), "from": _("起")}
CHOICES = {
    (field.name, value): label
    for model in (Policy, Contact, Customer)
    for field in model._meta.fields
    for value, label in field.flatchoices
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act as a person reads it."""

    entry: LogEntry
    act: str
    changes: list[str]


def of(entries: Iterable[LogEntry]) -> list[LogLine]:
    """This function will put rows of the log into words; fields without a Chinese name are left out."""
    return [LogLine(entry, log_word(entry.action), _changes(entry)) for entry in entries]


def _changes(entry: LogEntry) -> list[str]:
    before, after = entry.before or {}, entry.after or {}
    if entry.action == "crm.contact.revealed":
        return [str(_label(after.get("field", "")))]
    return [
        f"{_label(name)}：{_word(name, before[name])} → {_word(name, value)}"
        if name in before
        else f"{_label(name)}：{_word(name, value)}"
        for name, value in after.items()
        if _label(name)
    ]


def _label(name: str) -> Any:
    return SPECIAL.get(name) or LABELS.get(name, "")


def _word(name: str, value: Any) -> str:
    """This function will say a value: 是/否 for flags, -- for nothing, the choice's word where it is one."""
    if value is None or value == "":
        return "--"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(CHOICES.get((name, value), value))
