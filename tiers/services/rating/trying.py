"""Trying a rating out: everything is computed, looked at, and undone."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from crm.models import LongJob
from tiers.models import RatingRun
from tiers.services.rating.computing import COMPUTING
from tiers.services.rating.requesting import request

T = TypeVar("T")


def try_out(
    *, year: int, now: datetime, look: Callable[[RatingRun], T], corrects: RatingRun | None = None
) -> T:
    """This function will rate a year as `request` and its long work do, give what `look` sees, and leave nothing behind.

    Raises what `request` and the computing raise.
    """
    with transaction.atomic():
        run = request(year=year, by=None, now=now, corrects=corrects)
        assert run.job is not None
        _compute(run.job, now)
        run.refresh_from_db()
        seen = look(run)
        transaction.set_rollback(True)
    return seen


def _compute(job: LongJob, now: datetime) -> None:
    def beat(*, phase: str = "", done: int | None = None, total: int | None = None) -> None:
        """Nobody looks at the progress of what is undone."""

    piece, cursor = COMPUTING.open(job, now, beat), dict[str, Any]()
    while not (step := piece(cursor, now)).finished:
        cursor = step.cursor
