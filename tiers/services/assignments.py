"""Writes which level a customer holds in a scheme, and from when. Periods are half-open and never overlap."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.models import Customer, User
from crm.refusal import Refusal
from crm.services import audit, customers
from tiers import selectors
from tiers.models import Assignment, Level, Scheme
from tiers.signals import tier_changed

LEVELS = {Scheme.GROUP_VIP.value: frozenset(Level.values)}


class LevelIsUnknown(Refusal):
    """The scheme has no such level."""


class PeriodsOverlap(Refusal):
    """The customer already holds a level of the scheme in part of the period."""


class PeriodIsEmpty(Refusal):
    """A level lasts at least a day."""


def assign(
    *,
    customer: Customer,
    scheme: str,
    level: str,
    active_from: date,
    source: str,
    now: datetime,
    by: User | None = None,
    reason: str = "",
    active_to: date | None = None,
) -> Assignment:
    """This function will give a customer a level from a day on (included), until `active_to` (excluded) if given.

    A running earlier period is closed on that day. The same level from the same day again returns the row
    that stands. Raises LevelIsUnknown, PeriodIsEmpty or PeriodsOverlap.
    """
    _check(scheme, level, active_from, active_to)
    with transaction.atomic():
        # one at a time for a customer, so that of two conflicting periods one is told in a sentence
        locked = customers.standing(customer)
        rows = Assignment.objects.filter(customer=locked, scheme=scheme)
        same = rows.filter(level=level, active_from=active_from, active_to=active_to).first()
        if same:
            return same
        running = rows.filter(active_to__isnull=True).first()
        if running and running.level == level and running.active_from < active_from and active_to is None:
            return running
        if running and running.active_from < active_from:
            running.active_to = active_from
            running.save(update_fields=["active_to"])
        _refuse_overlap(customer, scheme, active_from, active_to)
        row = Assignment.objects.create(
            customer=locked,
            scheme=scheme,
            level=level,
            active_from=active_from,
            active_to=active_to,
            source=source,
            by=by,
            reason=reason,
        )
        _tell(row, before=running.level if running else None, by=by, now=now)
        customer.tier_shown = row.customer.tier_shown
    return row


def take_back(*, assignment: Assignment, ended: int | None, by: User | None, now: datetime) -> None:
    """This function will remove a level that was given by mistake; the level that it ended runs on.

    Raises PeriodsOverlap where the customer got another level since. The log keeps both acts.
    """
    with transaction.atomic():
        customer = Customer.objects.select_for_update().get(pk=assignment.customer_id)
        former = Assignment.objects.filter(pk=ended).first() if ended else None
        gone = audit.subject_of(assignment)
        assignment.delete()
        if former is not None:
            # a period can only be closed, never opened again, so the same period is written anew
            Assignment.objects.filter(pk=former.pk).delete()
            _refuse_overlap(customer, former.scheme, former.active_from, None)
            former.pk, former.active_to = None, None
            former.save(force_insert=True)
        shown = selectors.tier_of(customer, assignment.scheme, now)
        audit.log(
            action="tiers.assignment.taken_back",
            subject=gone,
            by=by,
            now=now,
            customer=customer,
            before={"level": assignment.level, "from": assignment.active_from.isoformat()},
            after={"level": former.level} if former else None,
            reason=assignment.source,
        )
        if assignment.scheme == Scheme.GROUP_VIP:
            customers.show_tier(customer=customer, tier=shown)
        tier_changed.send(
            sender=Assignment,
            customer=customer,
            scheme=assignment.scheme,
            level=former.level if former else shown,
            active_from=assignment.active_from,
            by=by,
            now=now,
        )


def refresh_shown(*, now: datetime) -> int:
    """This function will put right the tier on show where a level began or ended since; returns how many.

    Twice is the same as once.
    """
    wrong = selectors.shown_wrongly(now)
    for customer, level in wrong:
        customers.show_tier(customer=customer, tier=level)
    return len(wrong)


def _check(scheme: str, level: str, active_from: date, active_to: date | None) -> None:
    if level not in LEVELS.get(scheme, ()):
        raise LevelIsUnknown(_("体系中没有“%(level)s”这一级别，请核对。") % {"level": level})
    if active_to is not None and active_to <= active_from:
        raise PeriodIsEmpty(_("层级的止期须晚于起期，请核对两个日期。"))


def _refuse_overlap(customer: Customer, scheme: str, first: date, end: date | None) -> None:
    rows = Assignment.objects.filter(customer=customer, scheme=scheme)
    rows = rows.filter(Q(active_to__isnull=True) | Q(active_to__gt=first))
    if end is not None:
        rows = rows.filter(active_from__lt=end)
    other = rows.order_by("active_from").first()
    if other is not None:
        until = other.active_to.isoformat() if other.active_to else _("至今")
        raise PeriodsOverlap(
            _("与已有层级重叠：%(name)s 自 %(start)s 起（止：%(until)s）已有层级，请改用不重叠的日期。")
            % {"name": customer.name, "start": other.active_from.isoformat(), "until": until}
        )


def _tell(row: Assignment, *, before: str | None, by: User | None, now: datetime) -> None:
    """This function will log the new level, put the level of today on show and tell the floors above."""
    audit.log(
        action="tiers.assignment.given",
        subject=row,
        by=by,
        now=now,
        customer=row.customer,
        before={"level": before} if before else None,
        after={
            "scheme": row.scheme,
            "level": row.level,
            "from": row.active_from.isoformat(),
            "source": row.source,
        },
        reason=row.reason,
    )
    if row.scheme == Scheme.GROUP_VIP:
        customers.show_tier(customer=row.customer, tier=selectors.tier_of(row.customer, row.scheme, now))
    tier_changed.send(
        sender=Assignment,
        customer=row.customer,
        scheme=row.scheme,
        level=row.level,
        active_from=row.active_from,
        by=by,
        now=now,
    )
