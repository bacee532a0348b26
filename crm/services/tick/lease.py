"""One tick at a time: a lease on the one row of the schedule, taken by a conditional UPDATE, fenced by its token."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from crm.models import TickState
from crm.time import local_date


def take(*, now: datetime) -> str | None:
    """This function will take the lease and return its token, or None while another tick holds it.

    A lease that lies further ahead than any lease lasts was written by a clock that has since gone back; it
    counts as over. On the first tick ever the schedule begins today.
    """
    TickState.objects.get_or_create(pk=1, defaults={"watermark": local_date(now) - timedelta(days=1)})
    length = timedelta(seconds=settings.LEASE_SECONDS)
    token = uuid.uuid4().hex
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now) | Q(lease_until__gt=now + length)
    won = TickState.objects.filter(free, pk=1).update(lease_token=token, lease_until=now + length)
    return token if won else None


def write(token: str, **fields: object) -> bool:
    """This function will change the schedule's row if the lease is still ours."""
    return TickState.objects.filter(pk=1, lease_token=token).update(**fields) == 1


def give_back(token: str, **fields: object) -> bool:
    """This function will store what the tick learned and end the lease, if it is still ours."""
    return write(token, lease_token="", lease_until=None, **fields)
