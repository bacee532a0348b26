"""How the schedule fares: judged by the age of what is due and not done, never by a ping."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from crm.models import JobRun, Message, Occurrence, TickState
from crm.models.job import OccurrenceState
from crm.models.message import MessageClass, MessageState
from crm.words import span

TICK_TOO_OLD = timedelta(seconds=180)
DUE_TOO_OLD = timedelta(seconds=600)


@dataclass(frozen=True, slots=True)
class Health:
    """Ages at one instant. None means there is nothing to be old."""

    tick_age: timedelta | None
    oldest_due: timedelta | None
    held: str
    state: TickState | None = None

    @property
    def well(self) -> bool:
        """Whether ticks come and what is due gets done."""
        ticking = self.tick_age is not None and self.tick_age <= TICK_TOO_OLD
        return ticking and (self.oldest_due is None or self.oldest_due <= DUE_TOO_OLD)

    def words(self) -> str:
        """This function will say the ages in one line."""
        if self.tick_age is None:
            return _("还没有运行过")
        tick = _("上次自动检查在 %(age)s前") % {"age": span(self.tick_age)}
        if self.oldest_due is None:
            return _("%(tick)s，没有积压") % {"tick": tick}
        return _("%(tick)s，最早一件已等 %(age)s") % {"tick": tick, "age": span(self.oldest_due)}


def health(*, now: datetime) -> Health:
    """This function will measure how late the schedule is. What is held for a person's word does not count as late."""
    state = TickState.objects.filter(pk=1).first()
    held = state.get_held_kind_display() if state and state.held_since else ""
    messages = Message.objects.filter(state=MessageState.PLANNED, next_try_at__lte=now)
    occurrences = Occurrence.objects.filter(state=OccurrenceState.PLANNED, starts_at__lte=now)
    if held:
        messages, occurrences = messages.filter(message_class=MessageClass.STAFF), occurrences.none()
    dues = [
        messages.order_by("next_try_at").values_list("next_try_at", flat=True).first(),
        occurrences.order_by("starts_at").values_list("starts_at", flat=True).first(),
    ]
    oldest = min((due for due in dues if due is not None), default=None)
    ticked = state.ticked_at if state else None
    return Health(now - ticked if ticked else None, now - oldest if oldest else None, held, state)


def latest_runs() -> dict[str, JobRun]:
    """This function will return the newest run of each job that ever ran, in one query."""
    newest = JobRun.objects.values("job").annotate(newest=Max("id")).values("newest")
    return {run.job: run for run in JobRun.objects.filter(pk__in=newest)}


def troubled_runs(*, now: datetime, limit: int = 20) -> list[JobRun]:
    """This function will list the newest runs in which rows failed, or that nobody ended for ten minutes."""
    stalled = Q(finished_at__isnull=True, heartbeat_at__lt=now - DUE_TOO_OLD)
    return list(JobRun.objects.filter(Q(failed__gt=0) | stalled).order_by("-pk")[:limit])
