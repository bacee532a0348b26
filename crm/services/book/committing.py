"""Carries out a planned import in pieces, each with its log, so that a stop in the middle loses nothing."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import Error, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.book import shelf
from crm.book.lines import WRITES, Line, Outcome
from crm.book.shelf import Importer, Scope, slices
from crm.models import User
from crm.refusal import Refusal
from crm.services import audit
from crm.services.book.planning import Plan, plan_file

PIECE = 500


def commit_file(*, path: Path, name: str, by: User | None, now: datetime) -> Plan:
    """This function will plan the file anew and carry it out; rows in error never stop the others.

    Empty cells change nothing. The same file again changes nothing: its rows are then unchanged.
    """
    return carry_out(plan_file(path=path, name=name, by=by, now=now))


def carry_out(plan: Plan) -> Plan:
    """This function will write what a plan says that was made a moment ago, and log the batch."""
    for importer in shelf.importers():
        for table in plan.tables:
            if table.sheet.key == importer.sheet.key:
                lines = [line for line in table.lines if line.outcome in WRITES]
                for piece in slices(lines, PIECE):
                    _save(importer, piece, plan.scope)
    _log(plan)
    return plan


def _save(importer: Importer, piece: Sequence[Line], scope: Scope) -> None:
    """This function will save a piece at once; where a row is in the way of the others, one by one."""
    ready = [line for line in piece if not _orphaned(line)]
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


def _orphaned(line: Line) -> bool:
    """This function will refuse a row whose customer could not be saved a moment ago."""
    customer = getattr(line.row, "customer", None)
    if customer is None or customer.pk is not None:
        return False
    line.refuse(_("客户号"), _("这位客户没有写入，请先改正客户的那一行"))
    return True


def _forget(lines: Sequence[Line]) -> None:
    """This function will take back the ids that rolled-back rows were given."""
    for line in lines:
        new = line.outcome is not Outcome.UPDATE and not line.before
        if new and isinstance(line.row, Model):
            line.row.pk = None
            line.row._state.adding = True


def _log(plan: Plan) -> None:
    """This function will write the one row of the log that stands for the batch."""
    audit.log(
        action="crm.book.imported",
        subject=f"crm.book:{plan.scope.batch}",
        by=plan.scope.by,
        now=plan.scope.now,
        after={"file": plan.name, **plan.counts()},
    )
