"""Reads the log's seals: which stretch may be sealed next, how old the unsealed tail is, and whether all of it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from crm import audit_digests
from crm.models import AuditSeal, LogEntry
from crm.words import span

TAIL_TOO_OLD = timedelta(minutes=2)
COLUMNS = [field.attname for field in LogEntry._meta.concrete_fields]
SEAL_COLUMNS = [field.attname for field in AuditSeal._meta.concrete_fields if field.attname != "hash"]
UNREADABLE = ""  # the digest of a row whose columns no longer parse; no seal holds it


@dataclass(frozen=True, slots=True)
class Tail:
    """The rows that no seal covers yet, by the age of the first. None means there are none."""

    age: timedelta | None

    @property
    def alarm(self) -> bool:
        """Whether the sealer is overdue."""
        return self.age is not None and self.age > TAIL_TOO_OLD

    def words(self) -> str:
        """This function will say how long the tail is."""
        if self.age is None:
            return _("没有未封存的记录")
        words = _("未封存的尾部已有 %(age)s") % {"age": span(self.age)}
        return _("%(words)s，超过两分钟，请查看定时作业") % {"words": words} if self.alarm else words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk over all seals found: what holds, and the first thing that does not, in words."""

    rows: int
    seals: int
    empty: int
    head: str
    known: bool
    finding: str = ""


def hash_of(seal: AuditSeal) -> str:
    """This function will compute a seal's hash from all its other columns, its predecessor's hash among them."""
    return audit_digests.of({name: getattr(seal, name) for name in SEAL_COLUMNS})


def newest() -> AuditSeal | None:
    """This function will return the last seal, without its rows' digests."""
    return AuditSeal.objects.order_by("-pk").defer("digests").first()


def tail(*, now: datetime) -> Tail:
    """This function will measure how long the first unsealed row has waited."""
    last = newest()
    rows = LogEntry.objects.filter(pk__gt=last.last if last else 0)
    first = rows.order_by("pk").values_list("at", flat=True).first()
    return Tail(max(now - first, timedelta(0)) if first else None)


def digests(first: int, last: int) -> dict[int, str]:
    """This function will digest the rows from `first` to `last`, every column, in the order of their numbers."""
    rows = LogEntry.objects.filter(pk__range=(first, last)).order_by("pk")
    try:
        return {row["id"]: audit_digests.of(row) for row in rows.values(*COLUMNS)}
    except (ValueError, TypeError):
        return {pk: _digest_of_one(pk) for pk in rows.values_list("pk", flat=True)}


def _digest_of_one(pk: int) -> str:
    try:
        return audit_digests.of(LogEntry.objects.values(*COLUMNS).get(pk=pk))
    except (ValueError, TypeError):
        return UNREADABLE


def writers_in_flight() -> bool:
    """This function will say whether another transaction that wrote to the log has not ended.

    On PostgreSQL numbers are given before the commit, so a lower number may appear after a higher one; whoever
    took a number holds the table's row lock until the end. SQLite has one writer at a time.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND pid IS DISTINCT FROM pg_backend_pid())",
            [LogEntry._meta.db_table],
        )
        return bool(cursor.fetchone()[0])


def verify(*, knows: str = "") -> Verdict:
    """This function will walk all seals in order, some rows at a time, and stop at the first thing that is wrong.

    `knows` is a hash that was noted earlier: `known` says whether a seal still bears it.
    """
    rows = empty = 0
    last, head, count, known = 0, audit_digests.NOTHING, 0, not knows
    stray = LogEntry.objects.filter(pk__lt=1).values_list("pk", flat=True).first()
    if stray is not None:
        return Verdict(0, 0, 0, head, known, _inserted(stray))
    for seal in AuditSeal.objects.order_by("pk").iterator(chunk_size=10):
        finding = next(_faults(seal, number=count + 1, first=last + 1, previous=head), "")
        if finding:
            return Verdict(rows, count, empty, head, known, finding)
        rows, empty = rows + seal.rows, empty + seal.last - seal.first + 1 - seal.rows
        last, head, count = seal.last, seal.hash, seal.number
        known = known or head == knows
    return Verdict(rows, count, empty, head, known)


def _faults(seal: AuditSeal, *, number: int, first: int, previous: str) -> Iterator[str]:
    if seal.number != number:
        yield _("第 %(number)d 段封条被删除") % {"number": number}
    if seal.hash != hash_of(seal):
        yield _("第 %(number)d 段封条被改动") % {"number": number}
    if (seal.first, seal.previous) != (first, previous):
        yield _("第 %(number)d 段封条与上一段不相接，其中一段被换过") % {"number": number}
    sealed, found = audit_digests.read(seal.digests), digests(seal.first, seal.last)
    for pk in sorted(sealed.keys() | found.keys()):
        if pk not in found:
            yield _("操作记录 %(pk)d 被删除") % {"pk": pk}
        elif pk not in sealed:
            yield _inserted(pk)
        elif sealed[pk] != found[pk]:
            yield _("操作记录 %(pk)d 被改动") % {"pk": pk}


def _inserted(pk: int) -> str:
    return _("操作记录 %(pk)d 是封存以后插入的") % {"pk": pk}
