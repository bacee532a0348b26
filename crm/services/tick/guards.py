"""What the tick looks at before it lets customers' messages go: a backlog after an outage, a clock that disagrees."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from crm.models import JobRun, Message, Occurrence, TickState, User
from crm.models.job import HoldKind, OccurrenceState
from crm.models.message import MessageClass, MessageState
from crm.models.staff import Role
from crm.pulse import Pulse
from crm.services import holds, messages, runs
from crm.services.tick.clockwatch import Beat, Verdict, judge
from crm.time import local_date

SKEW = timedelta(seconds=5)


def listen(*, now: datetime, pulse: Pulse) -> Verdict:
    """This function will compare now with the last tick, and hold the sending to customers if the clock was moved."""
    state = TickState.objects.filter(pk=1, ticked_at__isnull=False).first()
    last = (
        Beat(state.ticked_at, Pulse(state.boot_id, state.boot_seconds or 0.0))
        if state and state.ticked_at
        else None
    )
    verdict = judge(last, Beat(now, pulse))
    if verdict.jump is not None:
        seconds = int(verdict.jump.total_seconds())
        reason = _("系统时钟跳变 %(seconds)+d 秒，请先核对服务器时间。") % {"seconds": seconds}
        holds.hold(kind=HoldKind.CLOCK, reason=reason, now=now)
        # Slots that a fast clock has used up come again now, and must not count as done.
        JobRun.objects.filter(started_at__gt=now).delete()
    return verdict


def against_a_flush(outage: timedelta, *, now: datetime) -> None:
    """This function will hold the sending where an outage left more waiting than may leave without a look."""
    waiting = waiting_for_customers(now)
    if waiting > settings.FLUSH_GUARD:
        reason = _("系统停机约 %(minutes)d 分钟，恢复后有 %(waiting)d 条待发，超过 %(limit)d 条。") % {
            "minutes": outage.total_seconds() // 60,
            "waiting": waiting,
            "limit": settings.FLUSH_GUARD,
        }
        holds.hold(kind=HoldKind.BACKLOG, reason=reason, now=now)


def waiting_for_customers(now: datetime) -> int:
    """This function will count what could leave for customers now: messages, and occurrences with an open window."""
    due = Message.objects.filter(state=MessageState.PLANNED, next_try_at__lte=now)
    opened = Occurrence.objects.filter(state=OccurrenceState.PLANNED, starts_at__lte=now, ends_at__gte=now)
    return due.exclude(message_class=MessageClass.STAFF).count() + opened.count()


def against_skew(*, now: datetime) -> None:
    """This function will tell head office, once a day, that host and database disagree about the time by over 5 s."""
    if connection.vendor != "postgresql":
        return  # SQLite has no clock of its own
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = cursor.fetchone()[0] - now
    if abs(skew) <= SKEW:
        return
    run = runs.begin(job="clock_skew", slot=local_date(now).isoformat(), now=now)
    if run is None:
        return  # told today already
    words = _("服务器与数据库的时间相差 %(seconds)d 秒，请校准时钟。") % {"seconds": skew.total_seconds()}
    heads = User.objects.filter(role=Role.HEAD_OFFICE, is_active=True)
    messages.notify(users=list(heads), kind="clock_skew", body=words, now=now)
    JobRun.objects.filter(pk=run.pk).update(finished_at=now, failed=1, note=words)
