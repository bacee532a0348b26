"""Writes a planned import piece by piece; each piece is one transaction with its log and what is kept of its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import Error, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.book import shelf
from crm.book.lines import WRITES, Line, Outcome, Reason
from crm.book.shelf import Importer, Scope
from crm.models import Customer, ImportBatch, ImportRow, User
from crm.models.batch import BatchMode, BatchState
from crm.refusal import Refusal
from crm.services import audit, customers
from crm.services.book import kept_rows
from crm.services.book.planning import Plan, plan_file

PIECE = 200
LEFT_BY = {BatchMode.NEW: Outcome.UPDATE, BatchMode.UPDATE: Outcome.NEW}


@dataclass(slots=True)
class Written:
    """What one piece did, and where the next one begins."""

    next: int
    counts: dict[Outcome, int] = field(default_factory=dict)

    def of(self, *outcomes: Outcome) -> int:
        """This function will count the rows that came to one of the outcomes."""
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)


class Committing:
    """The rows of a plan in the order in which they are written. The order depends on the file alone.

    Rows about the same person or customer follow each other and are never parted by the end of a piece, so
    that a plan made again after a stop judges the rest as the first one did.
    """

    def __init__(self, plan: Plan, batch: ImportBatch) -> None:
        self.plan, self.batch = plan, batch
        self.order: list[tuple[Importer, str, Line]] = []
        left = LEFT_BY.get(BatchMode(batch.mode))
        for importer in shelf.importers():
            for table in plan.tables:
                if table.sheet.key == importer.sheet.key:
                    self._arrange(importer, table.lines, left)

    def _arrange(self, importer: Importer, lines: Sequence[Line], left: Outcome | None) -> None:
        groups: dict[str, list[Line]] = {}
        for line in lines:
            if line.outcome is left:
                line.outcome = Outcome.LEFT
            groups.setdefault(str(line.values.get(importer.together, f"row {line.number}")), []).append(line)
        self.order += [(importer, key, line) for key, some in groups.items() for line in some]

    def piece(self, start: int) -> Written:
        """This function will write the rows from `start` on, in the caller's transaction."""
        end = min(start + PIECE, len(self.order))
        while end < len(self.order) and self.order[end][:2] == self.order[end - 1][:2]:
            end += 1
        rows, written = self.order[start:end], Written(end)
        ready = [(importer, line) for importer, _key, line in rows if line.outcome in WRITES]
        hold([line for _importer, line in ready])
        for importer in shelf.importers():
            mine = [line for one, line in ready if one is importer]
            if mine:
                save(importer, mine, self.plan.scope)
                ImportRow.objects.bulk_create([kept_rows.of_line(self.batch, importer, n) for n in mine])
        for _importer, _key, line in rows:
            written.counts[line.outcome] = written.counts.get(line.outcome, 0) + 1
        return written

    def finish(self, now: datetime) -> None:
        """This function will close the batch and log it; rows of earlier turns tell what became of them."""
        known = {
            (row.sheet, row.number): row
            for row in self.batch.rows.only("batch_id", "sheet", "number", "outcome", "reasons")
        }
        for importer, _key, line in self.order:
            row = known.get((importer.sheet.key, line.number))
            if row is not None:
                line.outcome = Outcome(row.outcome)
                line.reasons = [Reason(column, sentence) for column, sentence in row.reasons]
        close(self.batch, self.plan.counts(), now=now)


def close(batch: ImportBatch, counts: dict[str, int], *, now: datetime, partial: bool = False) -> None:
    """This function will put the batch down as imported, with the one row of the log that stands for it."""
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.DONE, done_at=now)
    audit.log(
        action="crm.book.imported",
        subject=f"crm.book:{batch.number}",
        by=batch.by,
        now=now,
        after={"file": batch.name, **counts, **({"partial": True} if partial else {})},
    )


def commit_file(*, path: Path, name: str, by: User | None, now: datetime, mode: str = BatchMode.BOTH) -> Plan:
    """This function will plan the file and carry it out here and now; rows in error never stop the others.

    Empty cells change nothing. The same file again changes nothing: its rows are then unchanged.
    """
    return carry_out(plan_file(path=path, name=name, by=by, now=now), mode=mode)


def carry_out(plan: Plan, *, mode: str = BatchMode.BOTH) -> Plan:
    """This function will write what a plan says that was made a moment ago, as a batch of its own."""
    scope = plan.scope
    batch = ImportBatch.objects.create(
        number=scope.batch,
        token=scope.batch,
        name=plan.name[-80:],
        by=scope.by,
        mode=mode,
        state=BatchState.IMPORTING,
        handed_in_at=scope.now,
        committed_at=scope.now,
    )
    work, at = Committing(plan, batch), 0
    while at < len(work.order):
        with transaction.atomic():
            at = work.piece(at).next
    with transaction.atomic():
        work.finish(scope.now)
    return plan


def save(importer: Importer, piece: Sequence[Line], scope: Scope) -> None:
    """This function will save a piece at once; where a row is in the way of the others, one by one."""
    ready = [line for line in piece if line.outcome in WRITES and not _orphaned(line)]
    try:
        with transaction.atomic():
            importer.save(ready, scope)
        return
    except (Error, Refusal):
        _forget(ready)
    for line in ready:
        try:
            with transaction.atomic():
                importer.save([line], scope)
        except Refusal as refusal:
            line.refuse("", refusal.message)
        except Error:
            line.refuse("", _("与别人刚刚保存的内容冲突，没有写入；请核对后重新上传这一行"))
        if line.outcome is Outcome.ERROR:
            _forget([line])


def hold(lines: Sequence[Line]) -> None:
    """This function will keep the customers of rows until the transaction ends, and refuse rows of merged ones.

    All customers of a piece at once and in one order, so that two imports never wait for each other.
    """
    found = [(line, pk) for line in lines if (pk := _customer_key(line)) is not None]
    merged = customers.merged_among({pk for _line, pk in found})
    for line, pk in found:
        if pk in merged:
            line.refuse(_("客户号"), merged[pk])


def _customer_key(line: Line) -> int | None:
    row = line.row if isinstance(line.row, Customer) else getattr(line.row, "customer", None)
    return row.pk if row is not None else None


def _orphaned(line: Line) -> bool:
    """This function will refuse a row whose customer or policy could not be saved a moment ago."""
    for name, column, sentence in (
        ("customer", _("客户号"), _("这位客户没有写入，请先改正客户的那一行")),
        ("policy", _("保单号"), _("这张保单没有写入，请先改正保单的那一行")),
    ):
        above = getattr(line.row, name, None)
        if above is not None and above.pk is None:
            line.refuse(column, sentence)
            return True
    return False


def _forget(lines: Sequence[Line]) -> None:
    """This function will take back the ids that rolled-back rows were given."""
    for line in lines:
        new = line.outcome is not Outcome.UPDATE and not line.before
        if new and isinstance(line.row, Model):
            line.row.pk = None
            line.row._state.adding = True
