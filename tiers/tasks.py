"""Tasks of the rank floor. Each reads the clock and calls once."""

from celery import shared_task
from django.utils import timezone

from crm.services import runs
from crm.services.runs import Outcome
from tiers.services import assignments, star_levels, stars


@shared_task(name="tiers.refresh_shown")
def refresh_shown(run: int | None = None) -> None:
    """This function will put on show the levels that began or ended since."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(Outcome(done=assignments.refresh_shown(now=timezone.now())))


@shared_task(name="tiers.count_stars")
def count_stars(run: int | None = None) -> None:
    """This function will count the star points of every day since the last count, and write down the stars that moved."""
    with runs.recorded(run, clock=timezone.now) as add:
        stars.count_to_date(now=timezone.now())
        add(Outcome(done=star_levels.write_levels(now=timezone.now())))
