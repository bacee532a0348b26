"""Writes stars down as levels with a period, so that `tier_of` answers for any past day."""

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from crm.models import LogEntry
from crm.services import audit
from tiers.models import Assignment, Scheme, StarPoints
from tiers.rules.star_points import shown
from tiers.signals import tier_changed

SOURCE = "星点值计算"
BATCH = 500


def write_levels(*, now: datetime) -> int:
    """This function will bring the levels of the star scheme in line with the stars, and return how many it wrote.

    Five hundred customers a transaction; stopped anywhere it goes on where it was, and twice is the same as once.
    """
    written = 0
    while True:
        with transaction.atomic():
            batch = list(differing().select_related("customer").order_by("pk")[:BATCH])
            if not batch:
                return written
            _write(batch, now)
        written += len(batch)


def differing() -> QuerySet[StarPoints]:
    """This function will list the stars whose level in force is another, merged customers left out."""
    running = Assignment.objects.filter(
        customer=OuterRef("pk"), scheme=Scheme.INDIVIDUAL_STAR, active_to__isnull=True
    )
    same = running.filter(level=OuterRef("level"))
    rows = StarPoints.objects.annotate(level=Cast("star", CharField())).filter(
        customer__merged_into__isnull=True
    )
    return rows.filter(Q(star__gte=1) & ~Exists(same) | Q(star=0) & Exists(running))


def _write(batch: list[StarPoints], now: datetime) -> None:
    """Ends the levels that no longer hold on the day of the change, and begins the new ones that day."""
    running = {
        level.customer_id: level
        for level in Assignment.objects.select_for_update().filter(
            customer__in=[row.pk for row in batch], scheme=Scheme.INDIVIDUAL_STAR, active_to__isnull=True
        )
    }
    for row in batch:
        former = running.get(row.pk)
        if former is None:
            continue
        if former.active_from < row.changed_on:
            Assignment.objects.filter(pk=former.pk).update(active_to=row.changed_on)
        else:
            # moved twice on one day: a level lasts at least a day
            former.delete()
    Assignment.objects.bulk_create(_level(row) for row in batch if row.star)
    audit.log_many([_entry(row, running.get(row.pk), now) for row in batch])
    for row in batch:
        tier_changed.send(
            sender=Assignment,
            customer=row.customer,
            scheme=Scheme.INDIVIDUAL_STAR.value,
            level=str(row.star),
            active_from=row.changed_on,
            by=None,
            now=now,
        )


def _level(row: StarPoints) -> Assignment:
    return Assignment(
        customer_id=row.pk,
        scheme=Scheme.INDIVIDUAL_STAR,
        level=str(row.star),
        active_from=row.changed_on,
        source=SOURCE,
        reason=f"{row.get_why_display()}，星点值 {shown(row.points)}",
    )


def _entry(row: StarPoints, former: Assignment | None, now: datetime) -> LogEntry:
    return audit.entry(
        action="tiers.star.moved",
        subject=row,
        by=None,
        now=now,
        customer=row.customer,
        before={"star": former.level} if former else None,
        after={
            "star": row.star,
            "points": str(shown(row.points)),
            "why": row.why,
            "from": row.changed_on.isoformat(),
        },
    )
