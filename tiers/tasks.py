"""Tasks of the rank floor. Each reads the clock and calls once."""

from celery import shared_task
from django.utils import timezone

from crm.services import runs
from crm.services.runs import Outcome
from tiers.services import assignments


@shared_task(name="tiers.refresh_shown")
def refresh_shown(run: int | None = None) -> None:
    """This function will put on show the levels that began or ended since."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(Outcome(done=assignments.refresh_shown(now=timezone.now())))
