"""Tasks of the ground floor: the tick that starts everything, delivery, and tidying. Each reads the clock and calls once."""

from typing import Any

from celery import shared_task
from celery.signals import beat_init
from django.conf import settings
from django.utils import timezone

from crm import providers, pulse, queue
from crm.services import audit_seals, book, delivery, form_tokens, messages, runs
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
        outcome = delivery.deliver(clock=timezone.now, pulse=pulse.read(), providers=providers.by_channel())
        add(outcome)
    if outcome.left:
        messages.nudge_delivery()


@shared_task(name="crm.seal_audit")
def seal_audit(run: int | None = None) -> None:
    """This function will seal what was written to the log."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(audit_seals.seal(now=timezone.now()))


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


@shared_task(name="crm.forget_forms")
def forget_forms(run: int | None = None) -> None:
    """This function will delete the tokens of forms that nobody will send again."""
    with runs.recorded(run, clock=timezone.now) as add:
        add(Outcome(done=form_tokens.forget(now=timezone.now())))
