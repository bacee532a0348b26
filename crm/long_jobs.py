"""The shelf of kinds of long work, and what a kind tells the engine. An app's `long_jobs.py` puts its kinds here.

The engine (`crm/services/long_jobs`) holds the lease, the transactions, the cursor and the counts; a kind knows its
rows. A kind is opened once a turn, outside any transaction, and gives a function that does one piece, about half
a second of work, inside the transaction in which the engine moves the cursor.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

from crm.models import LongJob, User


@dataclass(frozen=True, slots=True)
class Step:
    """What one piece did: where the next one begins, and how many rows went well, failed or were left out."""

    cursor: dict[str, Any]
    ok: int = 0
    failed: int = 0
    skipped: int = 0
    finished: bool = False
    phase: str = ""
    total: int | None = None
    result: dict[str, Any] = field(default_factory=dict)  # merged into the row's
    result_file: str = ""


class Beat(Protocol):
    """Tells the page how far the opening of a turn has come, and keeps the lease."""

    def __call__(self, *, phase: str = "", done: int | None = None, total: int | None = None) -> None:
        """This function will write the progress; it raises LeaseIsLost or WasCancelled where the work must stop."""


Piece = Callable[[dict[str, Any], datetime], Step]


def _nothing(_job: LongJob, _now: datetime) -> None:
    """This function will do nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of long work. `ended` is told in the transaction that closes the row, however it ended.

    `url` gives the address of the page that shows the result; `may_resume` says whether a cancelled or failed
    job can go on at its cursor.
    """

    key: str
    title: str | Promise
    open: Callable[[LongJob, datetime, Beat], Piece]
    ended: Callable[[LongJob, datetime], None] = _nothing
    url: Callable[[LongJob, User], str] = lambda _job, _user: ""
    may_resume: bool = True


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    """This function will put a kind on the shelf; the same key twice is the same as once."""
    _kinds[kind.key] = kind


def kind_of(job: LongJob) -> Kind | None:
    """This function will find the kind of a row; a kind that no longer exists is None."""
    return _kinds.get(job.kind)


def title_of(key: str) -> str:
    """This function will name a kind for people; one that no longer exists shows its code."""
    found = _kinds.get(key)
    return str(found.title) if found else key
