"""Tasks of the promise floor: the sweep, and the birthday greetings. Each reads the clock and calls once."""

from datetime import date, timedelta

from celery import shared_task
from django.utils import timezone

from crm import queue
from crm.services import messages, runs
from crm.services.runs import Outcome
from crm.time import local_date
from servicing.services import commitments, greetings, handovers

AHEAD = 7


@shared_task(name="servicing.sweep_commitments")
def sweep_commitments(run: int | None = None) -> None:
    """This function will look at the promises whose moment has come, and go on while more wait.

    At midnight a whole day's deadlines come due in one second; none of them waits for the next tick.
    """
    with runs.recorded(run, clock=timezone.now) as add:
        result = commitments.sweep(now=timezone.now())
        if result.left and result.done:
            queue.run_soon("servicing.sweep_commitments", expires=60)
        add(Outcome(done=result.done, failed=result.failed, left=result.left))


@shared_task(name="servicing.plan_greetings")
def plan_greetings(day: str, run: int | None = None) -> None:
    """This function will lay out the greetings that leave on one day."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(greetings.plan_day(day=date.fromisoformat(day)))


@shared_task(name="servicing.replan_greetings")
def replan_greetings(run: int | None = None) -> None:
    """This function will lay out today and the days ahead again, and file results that were left over."""
    with runs.recorded(run, clock=timezone.now) as add:
        today = local_date(timezone.now())
        for ahead in range(AHEAD + 1):
            add(greetings.plan_day(day=today + timedelta(days=ahead)))
        add(greetings.file_left_over(now=timezone.now()))


@shared_task(name="servicing.open_greetings")
def open_greetings(run: int | None = None) -> None:
    """This function will settle the greetings whose hour has come, nudge the delivery once, and go on while more wait."""
    with runs.recorded(run, clock=timezone.now) as add:
        outcome = greetings.open_due(clock=timezone.now)
        messages.nudge_delivery()
        if outcome.left:
            queue.run_soon("servicing.open_greetings", expires=60)
        add(outcome)


@shared_task(name="servicing.file_handover_notices")
def file_handover_notices(run: int | None = None) -> None:
    """This function will file notices of new keepers whose results were left over."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(handovers.file_left_over(now=timezone.now()))
