"""Counts star points of everybody, day by day, and moves stars (rulebook CL-1, CL-2). A few statements, no row in Python."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from crm.selectors import house_rules
from crm.time import local_date
from tiers import star_sql
from tiers.models import StarCount, StarMove, StarPoints, StarState
from tiers.rules.star_points import StarRules

# Days that were missed are counted one after the other, so that no rise is lost; further back nobody can tell.
MOST_DAYS = 400


def count_to_date(*, now: datetime) -> int:
    """This function will count every day since the last count, today included, and return how many days.

    Today is counted again each time, because policies come in during the day; twice is the same as once.
    """
    today = local_date(now)
    last = StarCount.objects.order_by("-day").values_list("day", flat=True).first()
    first = (
        today
        if last is None
        else max(min(last + timedelta(days=1), today), today - timedelta(days=MOST_DAYS))
    )
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    for day in days:
        count_day(day=day, now=now)
    return len(days)


def count_day(*, day: date, now: datetime) -> StarCount:
    """This function will count one day: points first, then the stars that rise, are renewed, are kept or fall.

    All in one transaction; a day counted twice moves nothing the second time.
    """
    rules = StarRules.of(house_rules.current())
    with transaction.atomic():
        row, _new = StarCount.objects.select_for_update().get_or_create(
            day=day, defaults={"counted_at": now, "customers": 0}
        )
        with connection.cursor() as cursor:
            cursor.execute(*star_sql.count_statement(day, rules))
            cursor.execute(star_sql.EMPTY, {"line": star_sql.LINE})
        for move, number in _move(day, rules).items():
            row.moves[move] = row.moves.get(move, 0) + number
        row.counted_at, row.customers = now, StarPoints.objects.count()
        row.save(update_fields=["counted_at", "customers", "moves"])
    return row


def _move(day: date, rules: StarRules) -> dict[str, int]:
    """The moves of a day in the order of the rule: up at once, in maintenance on reaching the own star, down at the end."""
    valid_to = day + timedelta(days=rules.validity_days - 1)
    kept_to = day + timedelta(days=rules.maintenance_days - 1)
    rows = StarPoints.objects.annotate(reached=_reached(rules))
    over = rows.filter(ends_on__lt=day)
    anew: dict[str, Any] = {"rated_on": day, "state": StarState.VALID, "ends_on": valid_to}
    moved = {"star": F("reached"), "changed_on": day, **anew}
    found = {
        StarMove.ROSE: rows.filter(reached__gt=F("star")).update(why=StarMove.ROSE, **moved),
        StarMove.RE_RATED: rows.filter(reached=F("star"), state=StarState.MAINTENANCE).update(
            why=StarMove.RE_RATED, **anew
        ),
        StarMove.RENEWED: over.filter(reached=F("star")).update(why=StarMove.RENEWED, **anew),
    }
    falling: QuerySet[StarPoints] = over.filter(reached__lt=F("star"))
    if rules.maintenance_days:
        found[StarMove.KEPT] = falling.filter(state=StarState.VALID).update(
            why=StarMove.KEPT, state=StarState.MAINTENANCE, ends_on=kept_to
        )
        falling = falling.filter(state=StarState.MAINTENANCE)
    found[StarMove.FELL] = falling.update(why=StarMove.FELL, **moved)
    return {move.value: number for move, number in found.items() if number}


def _reached(rules: StarRules) -> Case:
    """The star that the points of a row reach."""
    steps = [
        When(mills__gte=star_sql.mills(rules, star), then=Value(star))
        for star in range(len(rules.thresholds), 0, -1)
    ]
    return Case(*steps, default=Value(0), output_field=IntegerField())
