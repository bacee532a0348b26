"""No provider is handed more messages a second than it may be, all workers together: each message gets its moment."""

from datetime import datetime, timedelta

from crm.models import ProviderState
from crm.providers.base import Provider

# A provider that was idle may be handed so many seconds' worth at once.
BURST = timedelta(seconds=1)
# Whoever would wait longer gives the message back instead of holding it.
LONGEST_WAIT = timedelta(seconds=5)
# A moment further ahead than this was written by a clock that has since gone back.
DOUBTFUL = timedelta(minutes=1)
TRIES = 20


def moment(provider: Provider, *, now: datetime) -> timedelta:
    """This function will reserve the next moment at a provider and say how long to wait for it.

    More than LONGEST_WAIT means that none was reserved. The one row is won by naming the value that was seen.
    """
    if provider.per_second is None:
        return timedelta(0)
    step = timedelta(seconds=1 / provider.per_second)
    state, _made = ProviderState.objects.get_or_create(name=provider.name)
    for _try in range(TRIES):
        seen = state.paced_until
        free = max(_freed(seen, now), now - BURST)
        wait = max(free - now, timedelta(0))
        if wait > LONGEST_WAIT:
            return wait
        same = {"paced_until": seen} if seen is not None else {"paced_until__isnull": True}
        if ProviderState.objects.filter(pk=state.pk, **same).update(paced_until=free + step):
            return wait
        state.refresh_from_db(fields=["paced_until"])
    return LONGEST_WAIT + step


def _freed(seen: datetime | None, now: datetime) -> datetime:
    if seen is None:
        return now - BURST
    return seen if seen < now + DOUBTFUL else now
