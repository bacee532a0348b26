"""The long work of the import: the dry run, the writing. Undoing has its own file."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.book import uploads, writing
from crm.book.lines import WRITES, Outcome
from crm.book.uploads import Upload
from crm.long_jobs import Beat, Kind, Piece, Step
from crm.models import ImportBatch, LongJob, User
from crm.models.batch import BatchState
from crm.models.long_job import LongJobState
from crm.refusal import Refusal
from crm.services.book.batches import CHECK, COMMIT, told
from crm.services.book.committing import Committing, close
from crm.services.book.planning import Plan, plan_file


class FileIsGone(Refusal):
    """The uploaded file was deleted before the work could be done."""


def batch_of(job: LongJob) -> ImportBatch:
    """This function will find the batch that long work is about."""
    return ImportBatch.objects.select_related("by__branch").get(pk=job.params["batch"])


def address(job: LongJob, user: User) -> str:
    """This function will give the page of the batch to whoever handed it in."""
    mine = job.requested_by_id == user.pk
    return reverse("crm:import-check", args=[job.params["token"]]) if mine else ""


def _plan(batch: ImportBatch, now: datetime, beat: Beat) -> Plan:
    upload = Upload(batch.token)
    if not upload.waiting.exists():
        raise FileIsGone(_("上传的文件已经删除，请重新上传。"))
    return plan_file(
        path=upload.waiting, name=batch.name, by=batch.by, now=now, number=batch.number, beat=beat
    )


def _open_check(job: LongJob, now: datetime, beat: Beat) -> Piece:
    batch = batch_of(job)
    plan = _plan(batch, now, beat)
    Upload(batch.token).keep_failures(writing.failures(plan.tables))

    def piece(cursor: dict[str, Any], now: datetime) -> Step:
        ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKING).update(
            state=BatchState.CHECKED, report=told(plan)
        )
        return Step(cursor, finished=True)

    return piece


def _check_ended(job: LongJob, now: datetime) -> None:
    if job.state == LongJobState.DONE:
        return
    batch = batch_of(job)
    why = job.note or _("试运行已取消。")
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.REFUSED, report={"error": why})
    transaction.on_commit(lambda: uploads.drop(Upload(batch.token)))


def _open_commit(job: LongJob, now: datetime, beat: Beat) -> Piece:
    batch = batch_of(job)
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.IMPORTING)
    # the moment of the confirmation stands on every row, whenever the work is taken up again
    plan = _plan(batch, batch.committed_at or now, _without_counts(beat))
    work, upload = Committing(plan, batch), Upload(batch.token)
    total = len(work.order)
    beat(phase=_("正在写入"), total=total)

    def piece(cursor: dict[str, Any], now: datetime) -> Step:
        start = cursor.get("next", 0)
        if start >= total:
            work.finish(now)
            upload.keep_failures(writing.failures(plan.tables))
            ImportBatch.objects.filter(pk=batch.pk).update(report=told(plan))
            transaction.on_commit(lambda: upload.waiting.unlink(missing_ok=True))
            return Step(cursor, finished=True, phase=_("已写完"))
        done = work.piece(start)
        table = work.order[start][0].sheet.title
        return Step(
            {"next": done.next},
            ok=done.of(*WRITES),
            failed=done.of(Outcome.ERROR),
            skipped=done.of(Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.LEFT),
            phase=_("正在写入：%(table)s") % {"table": table},
        )

    return piece


def _without_counts(beat: Beat) -> Beat:
    """This function will let the reading of the file tell its phase, and leave the counts of what was written."""

    def tell(*, phase: str = "", done: int | None = None, total: int | None = None) -> None:
        beat(phase=phase)

    return tell


def _commit_ended(job: LongJob, now: datetime) -> None:
    """This function will close a batch that stopped half way as what it is; one that wrote nothing may be confirmed anew."""
    if job.state == LongJobState.DONE:
        return
    batch = batch_of(job)
    rows = batch.rows.exclude(outcome=Outcome.ERROR.value)
    if not rows.exists():
        ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.CHECKED)
        return
    counts = {
        outcome.value: batch.rows.filter(outcome=outcome.value).count()
        for outcome in (Outcome.NEW, Outcome.UPDATE, Outcome.ERROR)
    }
    close(batch, counts, now=now, partial=True)
    partial = {"counts": {**batch.report.get("counts", {}), **counts}, "partial": True}
    ImportBatch.objects.filter(pk=batch.pk).update(report={**batch.report, **partial})


CHECKING = Kind(CHECK, gettext_lazy("导入试运行"), _open_check, _check_ended, address, may_resume=False)
COMMITTING = Kind(COMMIT, gettext_lazy("导入"), _open_commit, _commit_ended, address)
