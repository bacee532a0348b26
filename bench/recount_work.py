"""What the bench of counting again does inside its installation."""

import cProfile
import io
import pstats
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from bench import book_load
from bench import book_rows as rows
from crm.selectors import calendars, house_rules
from crm.services import calendars as notices
from crm.time import SHANGHAI
from servicing.models import Commitment, ServiceStandard
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services.commitments import settle
from servicing.timing import due_of, rules_as_data, rules_from_data

NOW = datetime(2026, 12, 31, 9, 0, tzinfo=SHANGHAI)
START = datetime(2026, 12, 30, 1, 0, tzinfo=UTC)
CODES = ("PA-18.1.3", "PA-17.2", "PA-17.1", "PA-18.1.2")
ROUNDS, MINUTES = 3, 480
NOTICE = """
year = 2027
number = "测试通知"
published_on = 2026-12-20
source = "测试"
version = 1

[[holiday]]
name = "元旦"
from = 2027-01-01
to = 2027-01-05
"""
# one row a standard and day: what a set-based statement joins
DAYS = "CREATE TEMPORARY TABLE day_due (standard integer, day varchar(10), due_at {instant}, look {instant})"
UPDATE = (
    "UPDATE servicing_commitment SET due_at = d.due_at, provisional = {no}, calendar_version = 2, "
    "look_again_at = d.look, version = version + 1 FROM day_due d WHERE d.standard = servicing_commitment.standard_id "
    "AND d.day = {day} AND state = 'open' AND provisional AND breached_at IS NULL"
)
EVENTS = (
    "INSERT INTO servicing_commitmentevent (commitment_id, kind, at, noticed_at, detail) "
    "SELECT id, 'settled', %s, %s, '{{}}' FROM servicing_commitment WHERE state = 'open' AND occasion LIKE 'again:%%'"
)


class _Undo(Exception):
    """Leaves the rows as they were."""


def prepare(customers: int, many: int) -> int:
    """This function will load the notice of 2027 and add promises that were counted before it was there."""
    before = Terms(calendars.everywhere(), house_rules.current())
    clock = rules_as_data(before.rules.time_rules())
    Commitment.objects.filter(state="open").update(provisional=False)
    notices.import_notice(text=NOTICE, by=None, now=NOW)
    with transaction.atomic():
        found = _promises(customers, many, before, clock)
        book_load.write(Commitment, found, time_rules=clock, provisional=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Commitment.objects.filter(state="open", provisional=True).count()


def _promises(customers: int, many: int, before: Terms, clock: dict[str, Any]) -> list[rows.Row]:
    first = 1 + (Commitment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
    found, standards = list[rows.Row](), _standards()
    for n in range(many):
        standard = standards[n % len(CODES)]
        start = START + timedelta(minutes=n % MINUTES)
        due = _due(standard, start, before, clock)
        customer = 1 + n % customers
        begin = rows.text(start)
        found.append(
            (first + n, customer, *rows.home_of(customer), standard.kind, f"again:{n}", f"承诺 {n}", standard.pk,
             "silver", begin, 1, begin, begin, rows.text(due), "open", begin, None, None)
        )  # fmt: skip
    return found


def _standards() -> list[ServiceStandard]:
    return [ServiceStandard.objects.get(code=code, active_to__isnull=True) for code in CODES]


def _due(standard: ServiceStandard, start: datetime, terms: Terms, clock: dict[str, Any]) -> datetime:
    calendar, rules = terms.counting(standard), rules_from_data(clock)
    due = due_of(standard, start.astimezone(SHANGHAI), calendar=calendar, rules=rules)
    assert due.due_at is not None
    return due.due_at.astimezone(UTC)


def _ours() -> int:
    return settle(why="放假安排已公布", now=NOW).changed


def _raw() -> int:
    postgresql = connection.vendor == "postgresql"
    day = "to_char(triggered_at, 'YYYY-MM-DD')" if postgresql else "substr(triggered_at, 1, 10)"
    with connection.cursor() as cursor:
        cursor.execute(DAYS.format(instant="timestamptz" if postgresql else "text"))
        clock = rules_as_data(house_rules.current().time_rules())
        for standard in _standards():
            due = _due(standard, START, selector.in_force(), clock)
            cursor.execute(
                "INSERT INTO day_due VALUES (%s, %s, %s, %s)",
                [standard.pk, f"{START:%Y-%m-%d}", rows.text(due), rows.text(due - timedelta(days=1))],
            )
        cursor.execute(UPDATE.format(no="false" if postgresql else "0", day=day))
        count = int(cursor.rowcount)
        cursor.execute(EVENTS.format(), [rows.text(NOW.astimezone(UTC))] * 2)
    return count


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    begin, count = perf_counter(), 0
    try:
        with transaction.atomic():
            count = work()
            spent = perf_counter() - begin
            raise _Undo
    except _Undo:
        pass
    return spent, count


def measure(rounds: int = ROUNDS) -> dict[str, Any]:
    """This function will count again and undo it, ours and the bare statements in turn: median seconds."""
    ours, raw = [], []
    for _round in range(rounds):
        ours.append(_timed(_ours))
        raw.append(_timed(_raw))
    assert ours[0][1] == raw[0][1], (ours, raw)
    return {
        "ours s": median(one for one, _n in ours),
        "raw s": median(one for one, _n in raw),
        "rows": raw[0][1],
    }


def profile() -> str:
    """This function will say where one count of ours spends its time."""
    watch, out = cProfile.Profile(), io.StringIO()
    watch.runcall(_timed, _ours)
    pstats.Stats(watch, stream=out).sort_stats("cumtime").print_stats(70)
    return out.getvalue()
