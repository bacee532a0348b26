"""How rows of the log read on a page: the act in words, who, when, and what changed from what to what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, Customer, LogEntry, Policy, Premium, Touchpoint, User
from crm.models.customer import SeatKind
from crm.registry import log_word, tier_words
from crm.words import instant_words

FIELDS: "dict[str, dict[str, Field[Any, Any]]]" = {
    model._meta.label_lower: {field.name: field for field in model._meta.fields}
    for model in (Customer, Contact, Policy, Premium, Touchpoint)
}
# What no field of the row is called, and what reads better than the field's own name.
LABELS = {
    "phone": _("手机"),
    "email": _("邮箱"),
    "id_no": _("证件号码"),
    "level": _("级别"),
    "from": _("起"),
    "premium_fen": _("保费（元）"),
    "seat": _("成员"),
    "seat_kind": _("身份"),
    "duty": _("职责"),
    "amount_fen": _("金额（元）"),
    "channel": _("渠道"),
}
# The log keeps staff numbers; people know each other by name.
OF_STAFF = ("owner", "seat")
FEN = 100


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act as a person reads it."""

    entry: LogEntry
    act: str
    changes: list[str]


def of(entries: Iterable[LogEntry]) -> list[LogLine]:
    """This function will put rows of the log into words; what has no Chinese name is left out."""
    rows = list(entries)
    names = _names(rows)
    return [LogLine(entry, log_word(entry.action), _changes(entry, names)) for entry in rows]


def _names(entries: list[LogEntry]) -> dict[str, str]:
    """This function will read the names of the staff whom entries mention, in one query where there are any."""
    said = {
        (one or {}).get(key) for entry in entries for one in (entry.before, entry.after) for key in OF_STAFF
    }
    numbers = {number for number in said if isinstance(number, str) and number}
    if not numbers:
        return {}
    return dict(User.objects.filter(username__in=numbers).values_list("username", "name"))


def _changes(entry: LogEntry, names: dict[str, str]) -> list[str]:
    before, after = (_named(one or {}, names) for one in (entry.before, entry.after))
    fields = FIELDS.get(entry.subject.partition(":")[0], {})
    if entry.action == "crm.contact.revealed":
        return [_label(fields, after.get("field", ""))]
    lines = []
    for name, value in after.items():
        label, word = _label(fields, name), _word(fields, name, value)
        if label and name in before:
            lines.append(f"{label}：{_word(fields, name, before[name])} → {word}")
        elif label and value not in (None, "", False):
            lines.append(f"{label}：{word}")
    return lines


def _named(said: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {key: names.get(value, value) if key in OF_STAFF else value for key, value in said.items()}


def _label(fields: "dict[str, Field[Any, Any]]", name: str) -> str:
    own = fields[name].verbose_name if name in fields else ""
    return str(LABELS.get(name, own))


def _word(fields: "dict[str, Field[Any, Any]]", name: str, value: Any) -> str:
    """This function will say a value: the choice's word, the level's, 是/否, yuan, a moment in Shanghai, -- for nothing."""
    if value is None or value == "":
        return "--"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if name.endswith("_fen"):
        return f"{'-' if value < 0 else ''}{abs(value) // FEN:,}.{abs(value) % FEN:02d}"
    if name.endswith("_at"):
        return instant_words(datetime.fromisoformat(value))
    if name == "level":
        return str(tier_words().get(value, value))
    if name == "seat_kind":
        return str(dict(SeatKind.choices).get(value, value))
    return str(dict(fields[name].flatchoices).get(value, value)) if name in fields else str(value)
