"""Turns the list in force into the list of a run: what stays is not touched, all else ends or begins on one day.

A level goes on until the next list ends it: last year's list holds until the new one is approved (rulebook PA-13).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from crm.models import Customer, User
from crm.services import audit
from tiers.models import Assignment, Level, RatingRow, RatingRun
from tiers.signals import tier_changed

SOURCE = "rating:"
WON = (Level.GOLD, Level.SILVER)


@dataclass(frozen=True, slots=True)
class Change:
    """A customer whose level changes with the list."""

    customer: int
    before: str
    after: str


def replace(run: RatingRun, *, by: User) -> list[Change]:
    """This function will end and begin levels from the run's effective day on and return whose level changes.

    A list that has not begun yet gives way: a correction on the day of the approval.
    """
    day = run.effective_from
    assert day is not None
    rows = Assignment.objects.filter(scheme=run.scheme)
    rows.filter(active_from__gte=day, source__startswith=SOURCE).delete()
    before = dict(held_on(run.scheme, day - timedelta(days=1)).values_list("customer_id", "level"))
    _ending(run, day).update(active_to=day)
    standing = rows.filter(customer=OuterRef("customer"), active_to__isnull=True, active_from__lt=day)
    won = RatingRow.objects.filter(run=run, level__in=WON).exclude(Exists(standing))
    begun = [_level(run, one, by) for one in won.order_by("pk").iterator(2000)]
    Assignment.objects.bulk_create(begun, batch_size=500)
    after = dict(held_on(run.scheme, day).values_list("customer_id", "level"))
    return sorted(_changes(before, after), key=lambda one: one.customer)


def tell(run: RatingRun, changes: list[Change], *, by: User, now: datetime) -> None:
    """This function will log every change with its customer, and tell the floors above as `assign` does."""
    entries = []
    for one in changes:
        entry = audit.entry(
            action="tiers.rating.published",
            subject=run,
            by=by,
            now=now,
            before={"level": one.before},
            after={"level": one.after, "from": str(run.effective_from)},
        )
        entry.customer_id = one.customer
        entries.append(entry)
    audit.log_many(entries)
    if not tier_changed.has_listeners(Assignment):
        return
    customers = Customer.objects.in_bulk([one.customer for one in changes])
    for one in changes:
        tier_changed.send(
            sender=Assignment,
            customer=customers[one.customer],
            scheme=run.scheme,
            level=one.after,
            active_from=run.effective_from,
            by=by,
            now=now,
        )


def held_on(scheme: str, day: date) -> QuerySet[Assignment]:
    """This function will list who holds gold or silver on a day."""
    return Assignment.objects.in_force(day).filter(scheme=scheme, level__in=WON)


def moved_since(run: RatingRun, day: date) -> list[str]:
    """This function will name customers whose level is not the one the run compared with; waiting levels count too."""
    known = RatingRow.objects.filter(run=run, customer=OuterRef("customer"), previous=OuterRef("level"))
    other = held_on(run.scheme, day).exclude(Exists(known))
    waiting = Assignment.objects.filter(scheme=run.scheme, active_from__gt=day).exclude(
        source__startswith=SOURCE
    )
    lost = RatingRow.objects.filter(run=run, previous__in=WON).exclude(
        Exists(held_on(run.scheme, day).filter(customer=OuterRef("customer"), level=OuterRef("previous")))
    )
    found: set[str] = set()
    for rows in (other, waiting, lost):
        found.update(rows.order_by().values_list("customer__number", flat=True)[:10])
    return sorted(found)


def _ending(run: RatingRun, day: date) -> QuerySet[Assignment]:
    """This function will list the levels that do not go on unchanged from a day on."""
    running = Assignment.objects.filter(
        Q(active_to__isnull=True) | Q(active_to__gt=day), scheme=run.scheme, active_from__lt=day
    )
    won = RatingRow.objects.filter(run=run, customer=OuterRef("customer"), level__in=WON)
    goes_on = Q(active_to__isnull=True) & Exists(won.filter(level=OuterRef("level")))
    stays_ordinary = Q(level=Level.ORDINARY) & ~Exists(won)
    return running.exclude(goes_on).exclude(stays_ordinary)


def _level(run: RatingRun, row: RatingRow, by: User) -> Assignment:
    told = {"year": run.year, "list": row.get_won_display(), "rank": row.rank}
    assert run.effective_from is not None
    return Assignment(
        customer_id=row.customer_id,
        scheme=run.scheme,
        level=row.level,
        active_from=run.effective_from,
        source=f"{SOURCE}{run.pk}",
        by=by,
        reason=_("%(year)d 年度评定，%(list)s第 %(rank)d 名") % told,
    )


def _changes(before: dict[int, str], after: dict[int, str]) -> Iterator[Change]:
    for customer in before.keys() | after.keys():
        former, later = before.get(customer, Level.ORDINARY), after.get(customer, Level.ORDINARY)
        if former != later:
            yield Change(customer, str(former), str(later))
