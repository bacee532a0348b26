"""What a person does with a batch: hand a file in, confirm it, have it undone. The work itself is long work."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.book import guard, uploads
from crm.book.tables import Table
from crm.book.uploads import Upload
from crm.models import ImportBatch, User
from crm.models.batch import BatchMode, BatchState
from crm.refusal import Refusal
from crm.services import long_jobs
from crm.services.book.planning import Plan, new_number
from crm.services.runs import Outcome
from crm.time import local

MOST_CAUSES = 50
UNDER_WAY = (BatchState.CHECKING, BatchState.CHECKED, BatchState.IMPORTING)
CHECK, COMMIT, UNDO = "import_check", "import_book", "import_undo"


class BatchHasMovedOn(Refusal):
    """The batch is no longer in the state that the page showed."""


class UndoIsTooLate(Refusal):
    """The day for undoing is over, or nothing was imported."""


def hand_in(
    *, chunks: Iterable[bytes], name: str, by: User, now: datetime, again: bool = False
) -> tuple[ImportBatch, bool]:
    """This function will keep an uploaded file and have it tried out; the second part says that it is new.

    The same file of the same person is the same batch, until it is undone or asked for `again`. A file that is
    refused at sight is not kept.
    """
    rights.require(by, "import_book")
    upload, digest = uploads.keep(chunks)
    try:
        guard.inspect(upload.waiting, name)
        known = _known(by, digest, again)
        if known is not None:
            uploads.drop(upload)
            return known, False
        return _open(upload, digest, name, by, now), True
    except Refusal:
        uploads.drop(upload)
        raise


def _known(by: User, digest: str, again: bool) -> ImportBatch | None:
    states = UNDER_WAY if again else (*UNDER_WAY, BatchState.DONE, BatchState.UNDOING)
    for batch in ImportBatch.objects.filter(by=by, digest=digest, state__in=states).order_by("-pk"):
        if batch.state != BatchState.CHECKED or Upload(batch.token).waiting.exists():
            return batch
        # its file was deleted after a day, so nobody can confirm it any more
        ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED).update(state=BatchState.REFUSED)
    return None


def _open(upload: Upload, digest: str, name: str, by: User, now: datetime) -> ImportBatch:
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.create(
                number=new_number(now),
                token=upload.token,
                name=name[-uploads.LONGEST_NAME :],
                digest=digest,
                by=by,
                handed_in_at=now,
            )
            _begin(batch, CHECK, _("试运行 %(name)s"), by, now)
    except IntegrityError:  # the same file at the same moment
        uploads.drop(upload)
        return ImportBatch.objects.get(by=by, digest=digest, state__in=UNDER_WAY)
    return batch


def confirm(*, batch: ImportBatch, mode: str, by: User, now: datetime) -> None:
    """This function will have a checked batch written; a second call does nothing."""
    rights.require(by, "import_book")
    if mode not in BatchMode.values:
        raise BatchHasMovedOn(_("请选择写入哪些行。"))
    if batch.state == BatchState.CHECKED and not Upload(batch.token).waiting.exists():
        raise BatchHasMovedOn(_("上传的文件只保留一天，已经删除；请重新上传后再确认。"))
    with transaction.atomic():
        waiting = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED)
        if waiting.update(state=BatchState.IMPORTING, mode=mode, committed_at=now):
            _begin(batch, COMMIT, _("导入 %(name)s"), by, now)


def undo(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """This function will have an imported batch undone, within a day; a second call does nothing."""
    rights.require(by, "import_book")
    if batch.state in (BatchState.UNDOING, BatchState.UNDONE):
        return
    if not batch.may_be_undone(now):
        raise UndoIsTooLate(_("导入完成超过 24 小时，不能再撤销；请逐项更正。"))
    with transaction.atomic():
        done = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.DONE)
        if done.update(state=BatchState.UNDOING):
            _begin(batch, UNDO, _("撤销导入 %(name)s"), by, now)


def _begin(batch: ImportBatch, kind: str, title: str, by: User, now: datetime) -> None:
    job = long_jobs.request(
        kind=kind,
        title=title % {"name": batch.name},
        by=by,
        now=now,
        key=batch.number,
        params={"batch": batch.pk, "token": batch.token},
    )
    ImportBatch.objects.filter(pk=batch.pk).update(job=job)


def forget_uploads(*, now: datetime) -> Outcome:
    """This function will delete uploads of more than a day ago that nothing works on."""
    busy = ImportBatch.objects.filter(state__in=(BatchState.CHECKING, BatchState.IMPORTING))
    return Outcome(done=uploads.drop_old(now=now, spared=busy.values_list("token", flat=True)))


def told(plan: Plan) -> dict[str, Any]:
    """This function will gather what the page shows of a plan."""
    causes = plan.causes()
    return {
        "at": local(plan.scope.now).isoformat(timespec="seconds"),
        "counts": plan.counts(),
        "sheets": [{"title": table.title, **_sheet(plan, table)} for table in plan.tables],
        "causes": [
            {
                "sheet": cause.sheet,
                "reason": str(cause.reason),
                "count": cause.count,
                "rows": list(cause.rows),
            }
            for cause in causes[:MOST_CAUSES]
        ],
        "more_causes": max(len(causes) - MOST_CAUSES, 0),
        "aside": plan.aside,
        "hidden_rows": plan.hidden_rows,
        "hidden_sheets": plan.hidden_sheets,
        "encoding": plan.encoding,
    }


def _sheet(plan: Plan, table: Table) -> dict[str, Any]:
    return {"sheet": table.sheet.title, "unknown": table.unknown, "counts": plan.counts(table)}
