"""Moves levels when two customers turn out to be one: where two overlap, the higher stays."""

from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from crm.models import Customer
from crm.services import customers
from crm.services.merging import Steps
from tiers import selectors
from tiers.models import Assignment, Level, RatingRow, Scheme, StarPoints
from tiers.wording import level_name

RANKS = (Level.ORDINARY.value, Level.SILVER.value, Level.GOLD.value)


def move_levels(*, survivor: Customer, merged: Customer, steps: Steps, now: datetime) -> None:
    """This function will move each level of the merged customer unless a level as high stands in its period."""
    steps.takes(Assignment)
    # points follow the policies at the next count; the star of the merged row stays as it was for an undoing
    steps.takes(StarPoints)
    steps.takes(RatingRow)  # what a rating found stays with the number it was found for
    for row in merged.assignments.order_by("active_from", "pk"):
        standing = [one for one in survivor.assignments.filter(scheme=row.scheme) if _overlap(row, one)]
        if not standing:
            steps.change(row, customer_id=survivor.pk)
        elif not all(_rank(row) > _rank(one) for one in standing) or not _swap(
            row, standing, survivor, merged, steps
        ):
            steps.note(_note(row, standing[0]))
    show(survivor, merged, now=now)


def show(*rows: Customer, now: datetime) -> None:
    """This function will put the level of today on show, after a merge or its undoing."""
    for row in rows:
        customers.show_tier(customer=row, tier=selectors.tier_of(row, Scheme.GROUP_VIP, now))


def _swap(
    row: Assignment, standing: list[Assignment], survivor: Customer, merged: Customer, steps: Steps
) -> bool:
    """This function will put the higher level in place of the lower ones, which go to the merged row.

    Levels of one customer and scheme never overlap, not even for a moment: the lower ones step aside under
    another scheme first. Where the merged row has another level in their way, all stays as it was.
    """
    try:
        with transaction.atomic():
            for one in standing:
                steps.change(one, scheme=f"_{row.scheme}"[:20])
            steps.change(row, customer_id=survivor.pk)
            for one in standing:
                steps.change(one, customer_id=merged.pk)
                steps.change(one, scheme=row.scheme)
    except DatabaseError:
        return False
    steps.note(_note(row, row))
    return True


def _overlap(left: Assignment, right: Assignment) -> bool:
    return (left.active_to is None or right.active_from < left.active_to) and (
        right.active_to is None or left.active_from < right.active_to
    )


def _rank(row: Assignment) -> int:
    return RANKS.index(row.level) if row.level in RANKS else -1


def _note(row: Assignment, kept: Assignment) -> str:
    word = level_name(kept.scheme, kept.level)
    return _("%(scheme)s层级有重叠，保留较高的%(level)s（自 %(day)s 起）。") % {
        "scheme": row.get_scheme_display(),
        "level": word,
        "day": kept.active_from.isoformat(),
    }
