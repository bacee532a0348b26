"""A kind of long work for tests: it adds one rule setting a row, so that what was done can be counted."""

from datetime import datetime
from typing import Any

from crm import long_jobs
from crm.long_jobs import Beat, Kind, Piece, Step
from crm.models import LongJob, RuleSetting, User
from crm.refusal import Refusal
from crm.services import long_jobs as work

KIND = "test_counting"
PIECE = 10


class Stop(Exception):
    """The process dies here, as far as a test can say so."""


def _open(job: LongJob, now: datetime, beat: Beat) -> Piece:
    if job.params.get("refuse"):
        raise Refusal("请先补上文件。")
    if job.params.get("breaks_on_opening"):
        raise Stop
    total = job.params["rows"]
    beat(phase="正在数", total=total)

    def piece(cursor: dict[str, Any], now: datetime) -> Step:
        start = cursor.get("next", 0)
        end = min(start + PIECE, total)
        for number in range(start, end):
            RuleSetting.objects.create(key=f"n{number}", value="1", reason="测试", set_at=now)
            if number == job.params.get("dies_at") and job.attempts <= job.params.get("dies", 1):
                raise Stop
        return Step({"next": end}, ok=end - start, finished=end == total, result={"last": end})

    return piece


def _ended(job: LongJob, now: datetime) -> None:
    RuleSetting.objects.create(key="ended", value=job.state, reason="测试", set_at=now)


def put_on_the_shelf() -> None:
    """This function will make the kind known."""
    long_jobs.add_kind(Kind(KIND, "数数", _open, _ended))


def request(by: User | None, now: datetime, *, rows: int = 35, key: str = "", **params: Any) -> LongJob:
    """This function will ask for counting."""
    put_on_the_shelf()
    return work.request(
        kind=KIND, title="数到头", by=by, now=now, key=key, params={"rows": rows, **params}, total=rows
    )


def counted() -> list[str]:
    """This function will list what was written, in order."""
    return list(RuleSetting.objects.filter(key__startswith="n").order_by("pk").values_list("key", flat=True))


def ends() -> list[str]:
    """This function will list how often and how the kind was told of an end."""
    return list(RuleSetting.objects.filter(key="ended").values_list("value", flat=True))
