"""Asks every sentence of the shelf whether it is true: how many rows break it, the first of them, how long it took."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection
from django.utils.translation import gettext as _

from crm import registry
from crm.name_parts import pairs_table

SHOWN = 20
TRIGGERS = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one sentence: true where no row breaks it."""

    key: str
    sentence: str
    count: int
    first: tuple[str, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether the sentence is true."""
        return self.count == 0

    def words(self) -> str:
        """This function will say the sentence and which rows break it."""
        more = _("等") if self.count > len(self.first) else ""
        return _("%(sentence)s：%(count)d 行不符（%(rows)s%(more)s）") % {
            "sentence": self.sentence,
            "count": self.count,
            "rows": "、".join(self.first),
            "more": more,
        }


def findings(*, now: datetime) -> Iterator[Finding]:
    """This function will ask one sentence after the other; memory does not grow with the rows."""
    for invariant in registry.invariants():
        began = time.monotonic()
        rows = iter(invariant.broken(now))
        first = tuple(str(row) for row in islice(rows, SHOWN))
        count = len(first) + sum(1 for _row in rows)
        yield Finding(
            invariant.key, str(invariant.sentence), count, first, round(time.monotonic() - began, 2)
        )


def refusals(moments: Mapping[str, int]) -> Iterator[str]:
    """This function will name the triggers of refusals as the database in use does: SQLite has one for each moment."""
    for name, count in moments.items():
        if connection.vendor == "postgresql":
            yield name
        else:
            yield from (f"{name}_{number}" for number in range(count))


def followers(columns: Iterable[tuple[str, str]]) -> Iterator[str]:
    """This function will name the triggers that keep SQLite's tables of pairs; PostgreSQL has an index instead."""
    if connection.vendor == "postgresql":
        return
    for table, column in columns:
        yield from (f"{pairs_table(table, column)}_{moment}" for moment in ("insert", "delete", "update"))


def missing_triggers(*names: str) -> list[str]:
    """This function will name the triggers that the database no longer has."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        standing = {row[0] for row in cursor.fetchall()}
    return [name for name in names if name not in standing]
