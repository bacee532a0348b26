"""What the tick looks at before it lets customers' messages go: a backlog after an outage, a clock that disagrees."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from crm.models import JobRun, Message, Occurrence, TickState
from crm.models.job import HoldKind, OccurrenceState
from crm.models.message import MessageClass, MessageState
from crm.pulse import Pulse
from crm.selectors import work_health
from crm.services import alarms, holds, recoveries
from crm.services.tick.clockwatch import Beat, Verdict, judge

NORMAL_DAYS = timedelta(days=28)
TIMES_NORMAL = 3
A_HANDFUL = 20


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
    """This function will hold the sending where an outage left more waiting than may leave without a look: over the
    house's limit, or over three normal days. What was due in the outage is reported either way."""
    waiting, most = waiting_for_customers(now), _most_after_an_outage(now - outage)
    recoveries.report(began_at=now - outage, ended_at=now, held=waiting > most)
    if waiting > most:
        reason = _("系统停机约 %(minutes)d 分钟，恢复后有 %(waiting)d 条待发，超过 %(limit)d 条。") % {
            "minutes": outage.total_seconds() // 60,
            "waiting": waiting,
            "limit": most,
        }
        holds.hold(kind=HoldKind.BACKLOG, reason=reason, now=now)


def _most_after_an_outage(began: datetime) -> int:
    """A handful always may go; a house that sends a lot every day is held by its own limit."""
    before = Message.objects.filter(accepted_at__gte=began - NORMAL_DAYS, accepted_at__lt=began)
    normal = before.exclude(message_class=MessageClass.STAFF).count() / NORMAL_DAYS.days
    return min(settings.FLUSH_GUARD, max(A_HANDFUL, int(TIMES_NORMAL * normal)))


def waiting_for_customers(now: datetime) -> int:
    """This function will count what could leave for customers now: messages, and occurrences with an open window."""
    due = Message.objects.filter(state=MessageState.PLANNED, next_try_at__lte=now)
    opened = Occurrence.objects.filter(state=OccurrenceState.PLANNED, starts_at__lte=now, ends_at__gte=now)
    return due.exclude(message_class=MessageClass.STAFF).count() + opened.count()


def against_skew(*, now: datetime) -> None:
    """This function will tell head office, once a day, that host and database disagree about the time by over 5 s."""
    ahead = work_health.skew(now=now)
    if ahead is None or abs(ahead) <= work_health.SKEW:
        return
    words = _("服务器与数据库的时间相差 %(seconds)d 秒，请校准时钟。") % {"seconds": ahead.total_seconds()}
    alarms.tell_head_office(kind="clock_skew", words=words, now=now)
