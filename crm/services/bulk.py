"""Does one act to many rows: each in a transaction of its own, each with its result, all under one number."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import rights, trace
from crm.bulk_acts import BulkAct
from crm.models import BulkRow, BulkRun, User
from crm.models.bulk import BulkState
from crm.refusal import Refusal
from crm.services import audit

logger = logging.getLogger(__name__)
MOST = 500


class NothingChosen(Refusal):
    """No row was ticked, or none that the person may see."""


class TooManyRows(Refusal):
    """More rows than one answer can wait for."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row that was ticked: what it is called and where it is shown."""

    row: int
    title: str
    link: str


def check(count: int) -> None:
    """This function will raise NothingChosen or TooManyRows where that many rows cannot be done at once."""
    if not count:
        raise NothingChosen(_("没有选中任何一条，请回到列表勾选后再办理。"))
    if count > MOST:
        raise TooManyRows(
            _("一次最多办理 %(most)d 条，现在选了 %(n)d 条；请用筛选条件分几次办理。")
            % {"most": MOST, "n": count}
        )


def begin(
    *, act: BulkAct, chosen: Sequence[Chosen], said: Mapping[str, str], token: str, by: User, now: datetime
) -> BulkRun:
    """This function will write down what is to be done; the same form sent twice is the same run.

    Raises NothingChosen, TooManyRows, NotAllowed.
    """
    rights.require(by, act.right)
    check(len(chosen))
    token = token or str(uuid.uuid4())
    try:
        with transaction.atomic():
            run = BulkRun.objects.create(
                number=str(uuid.uuid4()), act=act.key, by=by, token=token, said=dict(said), begun_at=now
            )
            BulkRow.objects.bulk_create(
                BulkRow(run=run, row=one.row, title=one.title[:160], link=one.link[:200]) for one in chosen
            )
            audit.log(
                action="crm.bulk.begun",
                subject=run,
                by=by,
                now=now,
                after={"number": run.number, "act": act.key, "rows": len(chosen)},
            )
    except IntegrityError:
        return BulkRun.objects.get(by=by, token=token)
    return run


def go_on(*, run: BulkRun, act: BulkAct, said: Mapping[str, Any], by: User, now: datetime) -> BulkRun:
    """This function will do what is still planned, row by row; of two that go on at once each row is done by one.

    A row that is refused or fails does not stop the others. Raises NotAllowed.
    """
    rights.require(by, act.right)
    asking = trace.current()
    # every line of the log that a row leaves carries the run's number
    trace.begin(run.number, asking.address)
    try:
        for row in list(run.rows.filter(state=BulkState.PLANNED).select_related("run").order_by("pk")):
            _one(row, act, said, by=by, now=now)
    finally:
        trace.begin(*asking)
    BulkRun.objects.filter(pk=run.pk, finished_at__isnull=True).update(finished_at=max(now, run.begun_at))
    return run


def _one(row: BulkRow, act: BulkAct, said: Mapping[str, Any], *, by: User, now: datetime) -> None:
    try:
        with transaction.atomic():
            mine = BulkRow.objects.filter(pk=row.pk, state=BulkState.PLANNED)
            if not mine.update(state=BulkState.DONE):
                return
            done = act.run(by, row.row, said, now)
            BulkRow.objects.filter(pk=row.pk).update(sentence=done.note[:200])
            audit.log(
                action="crm.bulk.row_done",
                subject=f"{act.list}:{row.row}",
                by=by,
                now=now,
                customer=done.customer,
                after={"act": act.key, "number": row.run.number},
            )
    except Refusal as refusal:
        _refuse(row, refusal.message)
    except Exception:
        logger.exception("row %s of bulk run %s failed", row.row, row.run.number)
        _refuse(row, _("系统出错，这一条没有办理；请单独打开它再试，仍不行请告知管理员。"))


def _refuse(row: BulkRow, sentence: str) -> None:
    BulkRow.objects.filter(pk=row.pk, state=BulkState.PLANNED).update(
        state=BulkState.REFUSED, sentence=sentence[:200]
    )
