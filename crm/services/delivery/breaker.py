"""A provider that fails again and again is left alone for a while; then one message tries whether it is back.

What it did stands in one row a provider, so all workers know it, and each learns it before its next call.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from crm.models import ProviderState, User
from crm.models.staff import Role
from crm.services import messages

logger = logging.getLogger(__name__)

LONGEST = timedelta(minutes=15)
# So long a probe may take before another worker may send one.
PROBE = timedelta(seconds=60)


def permits(name: str, *, most: int, now: datetime) -> int:
    """This function will say how many messages a provider may be handed: all, one as a probe, or none.

    Of several workers one wins the probe, by a conditional UPDATE that names the moment it saw.
    """
    state = ProviderState.objects.filter(name=name, opened_at__isnull=False).first()
    if state is None:
        return most
    assert state.probe_at is not None and state.opened_at is not None  # a constraint says so
    due = state.probe_at <= now or state.opened_at > now  # a clock that went back ends the rest
    won = due and ProviderState.objects.filter(
        pk=state.pk, opened_at__isnull=False, probe_at=state.probe_at
    ).update(probe_at=now + PROBE)
    return 1 if won else 0


def is_open(name: str) -> bool:
    """This function will say whether a provider rests."""
    return ProviderState.objects.filter(name=name, opened_at__isnull=False).exists()


def succeeded(name: str) -> None:
    """This function will forget a provider's failures; an answer of any kind means that it is there."""
    troubled = ProviderState.objects.filter(name=name).exclude(failures=0, opened_at__isnull=True)
    if troubled.update(failures=0, opened_at=None, probe_at=None, rests=0):
        logger.info("provider %s answers", name)


def failed(name: str, *, error: str, now: datetime) -> bool:
    """This function will count a failure, and return whether the provider rests now.

    The first rest is told to head office; each that follows without a success is twice as long.
    """
    ProviderState.objects.get_or_create(name=name)
    row = ProviderState.objects.filter(name=name)
    row.update(failures=F("failures") + 1, last_error=error[:200])
    state = row.get()
    if state.failures < settings.BREAKER_FAILURES:
        return False
    length = min(timedelta(seconds=settings.BREAKER_SECONDS) * 2 ** min(state.rests, 10), LONGEST)
    if state.opened_at is not None:
        row.filter(rests=state.rests).update(probe_at=now + length, rests=state.rests + 1)
    elif row.filter(opened_at__isnull=True).update(opened_at=now, probe_at=now + length, rests=1):
        logger.error("provider %s rests after %d failures: %s", name, state.failures, error)
        _tell(name, state.failures, error, now=now)
    return True


def _tell(name: str, failures: int, error: str, *, now: datetime) -> None:
    words = _("服务商 %(name)s 连续 %(failures)d 次失败（%(error)s），已暂停向它发送，系统会自动试探恢复。")
    messages.notify(
        users=list(User.objects.filter(role=Role.HEAD_OFFICE, is_active=True)),
        kind="provider_rests",
        body=words % {"name": name, "failures": failures, "error": error[:80]},
        link="/messages/",
        now=now,
    )
