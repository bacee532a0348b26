"""Writes judged lines of one model: new rows at once, changed ones only where they still are what was judged."""

from collections.abc import Sequence

from django.db import IntegrityError
from django.db.models import Model

from crm.book.lines import Line, Outcome


def write(model: type[Model], lines: Sequence[Line]) -> None:
    """This function will insert the new rows and update the changed columns of known ones.

    `before` of a line guards its update: raises IntegrityError where somebody changed the row meanwhile.
    """
    rows = model._base_manager
    rows.bulk_create([line.row for line in lines if line.outcome is Outcome.NEW])
    for line in lines:
        if line.outcome is Outcome.UPDATE:
            values = {name: getattr(line.row, name) for name in line.before}
            if not rows.filter(pk=line.row.pk, **line.before).update(**values):
                raise IntegrityError(f"{model._meta.model_name} changed meanwhile")
