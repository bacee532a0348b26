"""Changes rows for a merge and writes each change down, so that it can be taken back step by step.

Upper floors get one with the signal `customer_merged`: they change their own rows through it, and name the
tables they took care of. What nobody took is moved by crm as it stands.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, transaction
from django.db.models import Model

from crm.models import CustomerMerge, MergeStep


class Steps:
    """The steps of one merge."""

    def __init__(self, merge: CustomerMerge) -> None:
        """This function will begin without a step."""
        self.merge = merge
        self.taken: set[str] = set()
        self.notes: list[str] = []

    def takes(self, model: type[Model]) -> None:
        """This function will note that somebody looks after a table; crm then leaves its rows alone."""
        self.taken.add(model._meta.label_lower)

    def note(self, sentence: str) -> None:
        """This function will keep a sentence about what became of something; the merge's page shows it."""
        self.notes.append(sentence)

    def change(self, row: Model, *, watch: Iterable[str] = (), **fields: Any) -> None:
        """This function will change a row and write down what it was.

        `watch` names the columns by which undoing knows whether the row was touched since; without it all do.
        """
        before = {name: getattr(row, name) for name in fields}
        type(row)._base_manager.filter(pk=row.pk).update(**fields)
        row.refresh_from_db()
        self.was(row, before, watch=watch)

    def was(self, row: Model, before: dict[str, Any], *, watch: Iterable[str] = ()) -> None:
        """This function will write down a change that a service has just made; the row is fresh."""
        watched = sorted(watch) or sorted(f.attname for f in row._meta.concrete_fields)
        MergeStep.objects.create(
            merge=self.merge,
            table=row._meta.label_lower,
            row=row.pk,
            before=plain(before),
            after=plain({name: getattr(row, name) for name in before}),
            watched=watched,
            stamp=stamp(row, watched),
        )

    def try_to_move(self, row: Model, **fields: Any) -> bool:
        """This function will change a row if the database lets it; a row that must stay where it is, stays."""
        try:
            with transaction.atomic():
                self.change(row, **fields)
        except DatabaseError:
            return False
        return True


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """This function will write column values as JSON holds them; whatever JSON has no word for, as text."""
    encoder = DjangoJSONEncoder()
    kept = (str, int, float, bool, list, dict, type(None))
    return {name: one if isinstance(one, kept) else encoder.default(one) for name, one in values.items()}


def stamp(row: Model, watched: Iterable[str]) -> str:
    """This function will give a digest of some columns of a row as they are in the database."""
    told = sorted(plain({name: getattr(row, name) for name in watched}).items())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
