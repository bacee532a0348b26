"""Tasks of the ground floor: the tick that starts everything, delivery, and tidying. Each reads the clock and calls once."""

import time
from typing import Any

from celery import shared_task
from celery.signals import beat_init
from django.conf import settings
from django.utils import timezone

from crm import providers, pulse, queue
from crm.services import (
    api_calls,
    audit_seals,
    backups,
    book,
    delivery,
    form_tokens,
    handovers,
    invariants,
    long_jobs,
    messages,
    runs,
    sessions,
    tries,
)
from crm.services import tick as ticks
from crm.services.runs import Outcome


@shared_task(name="crm.tick")
def tick() -> None:
    """This function will do one beat of the schedule."""
    ticks.tick(now=timezone.now(), pulse=pulse.read(), start=queue.run_soon)


@beat_init.connect
def first_tick(**_kwargs: Any) -> None:
    """This function will tick as soon as beat starts; beat itself would wait a whole interval first."""
    queue.run_soon("crm.tick", expires=settings.TICK_SECONDS)


@shared_task(name="crm.deliver_messages")
def deliver_messages(run: int | None = None) -> None:
    """This function will send what is due, and ask to be called again soon while more is waiting."""
    with runs.recorded(run, clock=timezone.now) as add:
        outcome = delivery.deliver(
            clock=timezone.now, pause=time.sleep, pulse=pulse.read(), providers=providers.by_channel()
        )
        add(outcome)
    if outcome.left:
        messages.nudge_delivery()


@shared_task(name="crm.work_on_jobs")
def work_on_jobs(run: int | None = None) -> None:
    """This function will do one turn of long work, and ask to be called again soon while more is waiting."""
    with runs.recorded(run, clock=timezone.now) as add:
        outcome = long_jobs.work(clock=timezone.now)
        add(outcome)
    if outcome.left:
        long_jobs.nudge()


@shared_task(name="crm.forget_long_jobs")
def forget_long_jobs(run: int | None = None) -> None:
    """This function will delete the rows of long work that ended long ago."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(Outcome(done=long_jobs.forget(now=timezone.now())))


@shared_task(name="crm.forget_calls")
def forget_calls(run: int | None = None) -> None:
    """This function will delete the answers of API calls that nobody may ask for again."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(Outcome(done=api_calls.forget(now=timezone.now())))


@shared_task(name="crm.seal_audit")
def seal_audit(run: int | None = None) -> None:
    """This function will seal what was written to the log."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(audit_seals.seal(now=timezone.now()))


@shared_task(name="crm.backup")
def backup(run: int | None = None) -> None:
    """This function will make the day's backup."""
    with runs.recorded(run, clock=timezone.now) as add:
        backups.make(now=timezone.now())
        add(Outcome(done=1))


@shared_task(name="crm.audit_invariants")
def audit_invariants(run: int | None = None) -> None:
    """This function will check the sentences about the data."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(invariants.checked(now=timezone.now()))


@shared_task(name="crm.forget_runs")
def forget_runs(run: int | None = None) -> None:
    """This function will delete old runs that ended well."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(runs.forget(now=timezone.now()))


@shared_task(name="crm.forget_uploads")
def forget_uploads(run: int | None = None) -> None:
    """This function will delete uploaded books that nobody committed within a day."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(book.forget_uploads(now=timezone.now()))


@shared_task(name="crm.forget_logins")
def forget_logins(run: int | None = None) -> None:
    """This function will delete tries, logins and sessions that are long over."""
    with runs.recorded(run, clock=timezone.now) as add:
        now = timezone.now()
        add(Outcome(done=tries.forget(now=now) + sessions.forget(now=now)))


@shared_task(name="crm.forget_forms")
def forget_forms(run: int | None = None) -> None:
    """This function will delete the tokens of forms that nobody will send again."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(Outcome(done=form_tokens.forget(now=timezone.now())))


@shared_task(name="crm.carry_out_handovers")
def carry_out_handovers(run: int | None = None) -> None:
    """This function will move the next customers of hand-overs, and ask to be called again soon while more wait."""
    with runs.recorded(run, clock=timezone.now) as add:
        outcome = handovers.carry_out_waiting(now=timezone.now())
        add(outcome)
    if outcome.left:
        queue.run_soon("crm.carry_out_handovers", expires=60)
