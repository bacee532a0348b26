"""What a batch keeps of each row that it wrote: former values and a digest, so that an undo can be exact."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.db.models import Field, Model, ProtectedError
from django.utils.translation import gettext as _

from crm.book.lines import Line, Outcome
from crm.book.shelf import Importer
from crm.models import ImportBatch, ImportRow
from crm.refusal import Refusal


class RowIsInUse(Refusal):
    """Other rows stand on it, so it cannot be removed."""


# a display cache that other work writes whenever it likes
NOT_COUNTED = frozenset({"tier_shown"})


def stamp(row: Model) -> str:
    """This function will digest all columns of a row; the same row read again has the same digest."""
    values = {f.attname: _plain(f, getattr(row, f.attname)) for f in row._meta.concrete_fields}
    counted = {name: value for name, value in values.items() if name not in NOT_COUNTED}
    return hashlib.sha256(json.dumps(counted, sort_keys=True).encode()).hexdigest()


def _plain(field: "Field[Any, Any]", value: Any) -> str:
    known = field.to_python(value)
    return str(known.astimezone(UTC) if isinstance(known, datetime) and known.tzinfo else known)


def of_line(batch: ImportBatch, importer: Importer, line: Line) -> ImportRow:
    """This function will make the kept row of a line that was written, or that could not be."""
    kept = ImportRow(batch=batch, sheet=importer.sheet.key, number=line.number, outcome=line.outcome.value)
    if line.outcome is Outcome.ERROR:
        kept.reasons = [[reason.column, reason.sentence] for reason in line.reasons]
        return kept
    kept.row, kept.stamp = line.row.pk, stamp(line.row)
    kept.before = importer.former(line) if line.outcome is Outcome.UPDATE else {}
    return kept


def restore(row: Model, before: dict[str, Any]) -> None:
    """This function will give a row its former values back."""
    for name, value in before.items():
        field = next(f for f in row._meta.concrete_fields if f.attname == name)
        setattr(row, name, field.to_python(value))
    row.save(update_fields=list(before))


def remove(row: Model) -> None:
    """This function will delete a row that nothing stands on, or raise RowIsInUse."""
    try:
        row.delete()
    except ProtectedError as error:
        names = sorted({str(one._meta.verbose_name) for one in error.protected_objects})
        raise RowIsInUse(_("已有%(names)s") % {"names": "、".join(names)}) from error
