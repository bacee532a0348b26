"""Undoes a batch: first looks at every row and stops where any was touched since, then takes all back, last first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.book import shelf
from crm.book.lines import WRITES
from crm.book.shelf import Importer, Scope
from crm.long_jobs import Beat, Kind, Piece, Step
from crm.models import Customer, ImportBatch, ImportRow, LogEntry, LongJob
from crm.models.batch import BatchState
from crm.models.long_job import LongJobState
from crm.refusal import Refusal
from crm.services import audit
from crm.services.book import kept_rows
from crm.services.book.batches import UNDO
from crm.services.book.work import address, batch_of

PIECE = 200
MOST_TOLD = 50

Told = dict[str, Any]


class RowsWereTouched(Refusal):
    """Rows of the batch were changed or used since, so nothing is undone."""


def open_undo(job: LongJob, now: datetime, beat: Beat) -> Piece:
    """This function will prepare the undoing of a batch; its first round only looks."""
    batch = batch_of(job)
    mine = batch.rows.filter(outcome__in=[outcome.value for outcome in WRITES])
    beat(phase=_("正在核对能否撤销"), total=2 * mine.count())

    def piece(cursor: dict[str, Any], now: datetime) -> Step:
        if cursor.get("looked"):
            return _take_back(batch, mine.filter(undone=False), cursor, now)
        after = mine.filter(pk__gt=cursor.get("after", 0))
        rows = list(after.order_by("pk")[:PIECE])
        told = [*cursor.get("told", []), *_touched(rows)]
        if rows:
            return Step({"after": rows[-1].pk, "told": told[: MOST_TOLD + 1]}, ok=len(rows))
        if told:
            raise RowsWereTouched(_why(told))
        return Step({"looked": True}, phase=_("正在撤销"))

    return piece


def _why(told: Sequence[Told]) -> str:
    more = _("等") if len(told) > MOST_TOLD else ""
    first = "；".join(f"{one['sheet']}第 {one['number']} 行{one['why']}" for one in told[:5])
    return _("有 %(count)d%(more)s 行在导入后被改过或用过，没有撤销任何一行：%(first)s") % {
        "count": min(len(told), MOST_TOLD),
        "more": more,
        "first": first,
    }


def _importers() -> dict[str, Importer]:
    return {importer.sheet.key: importer for importer in shelf.importers()}


def _standing(rows: Sequence[ImportRow], *, lock: bool = False) -> dict[tuple[str, int], Any]:
    """This function will fetch the rows that a batch wrote, by sheet and key."""
    found: dict[tuple[str, int], Any] = {}
    for key, importer in _importers().items():
        pks = [row.row for row in rows if row.sheet == key and row.row is not None]
        if pks and lock:
            _lock(importer.rows(pks).model, pks)
        for one in importer.rows(pks) if pks else ():
            found[key, one.pk] = one
    return found


def _lock(model: type[Model], pks: Sequence[int]) -> None:
    """This function will keep rows until the transaction ends, joined to nothing.

    A row that is waited for is joined to what stood before the wait; PostgreSQL would leave it out altogether.
    """
    list(model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _touched(rows: Sequence[ImportRow]) -> list[Told]:
    standing = _standing(rows)
    return [
        {"sheet": _importers()[row.sheet].sheet.title, "number": row.number, "why": why}
        for row in rows
        if (why := _why_not(row, standing.get((row.sheet, row.row or 0))))
    ]


def _why_not(row: ImportRow, standing: Any) -> str:
    if standing is None:
        return _("已被删除")
    return "" if kept_rows.stamp(standing) == row.stamp else _("已被修改")


def _take_back(batch: ImportBatch, left: Any, cursor: dict[str, Any], now: datetime) -> Step:
    """This function will take back the last rows that were written, in the transaction of the piece."""
    rows = list(
        left.filter(Q(pk__lt=cursor["before"]) if "before" in cursor else Q()).order_by("-pk")[:PIECE]
    )
    if not rows:
        return _finish(batch, now)
    scope = Scope(by=batch.by, now=now, batch=batch.number, branches={}, staff={})
    standing, kept = _standing(rows, lock=True), []
    for row in rows:
        why = _why_not(row, standing.get((row.sheet, row.row or 0))) or _one(row, standing, scope)
        row.undone, row.reasons = not why, [["", why]] if why else []
        kept += [row] if why else []
    ImportRow.objects.bulk_update(rows, ["undone", "reasons"])
    audit.log_many([_entry(row, standing[row.sheet, row.row or 0], batch, now) for row in rows if row.undone])
    return Step({"looked": True, "before": rows[-1].pk}, ok=len(rows) - len(kept), failed=len(kept))


def _one(row: ImportRow, standing: dict[tuple[str, int], Any], scope: Scope) -> str:
    """This function will take one row back and return why it could not."""
    try:
        with transaction.atomic():
            _importers()[row.sheet].take_back(standing[row.sheet, row.row or 0], row.before, scope)
    except Refusal as refusal:
        return refusal.message
    return ""


def _entry(row: ImportRow, standing: Any, batch: ImportBatch, now: datetime) -> LogEntry:
    return audit.entry(
        action="crm.book.row_undone",
        subject=f"{standing._meta.label_lower}:{row.row}",
        by=batch.by,
        now=now,
        customer=standing if isinstance(standing, Customer) else standing.customer,
        after={"columns": sorted(row.before)} if row.before else {"removed": True},
        reason=_("撤销导入批次 %(batch)s") % {"batch": batch.number},
    )


def _finish(batch: ImportBatch, now: datetime) -> Step:
    left = [
        {"sheet": _importers()[row.sheet].sheet.title, "number": row.number, "why": row.reasons[0][1]}
        for row in batch.rows.filter(undone=False).exclude(row=None).order_by("pk")[:MOST_TOLD]
    ]
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.UNDONE, undone_at=now)
    undone = batch.rows.filter(undone=True).count()
    audit.log(
        action="crm.book.undone",
        subject=f"crm.book:{batch.number}",
        by=batch.by,
        now=now,
        after={"file": batch.name, "undone": undone, "left": len(left)},
    )
    return Step({}, finished=True, phase=_("已撤销"), result={"left": left, "undone": undone})


def ended(job: LongJob, now: datetime) -> None:
    """This function will put a batch that was not undone back to imported, so that the page says so."""
    if job.state == LongJobState.DONE:
        return
    ImportBatch.objects.filter(pk=job.params["batch"], state=BatchState.UNDOING).update(state=BatchState.DONE)


UNDOING = Kind(UNDO, gettext_lazy("撤销导入"), open_undo, ended, address)
