"""Delivery of the outbox: what was left behind is recovered and asked about, then what is due is sent in batches."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from crm.providers.base import Provider
from crm.pulse import Pulse
from crm.selectors import house_rules
from crm.services.delivery import breaker, claiming, reconciling, submitting
from crm.services.delivery.submitting import Desk, Result
from crm.services.runs import Outcome
from crm.services.tick import guards

__all__ = ["LIMIT", "deliver"]

LIMIT = 1000
# A run ends well before its worker is ended; what is left is taken up by the next.
LONGEST = timedelta(seconds=150)


def deliver(
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None],
    pulse: Pulse,
    providers: Mapping[str, Provider],
    limit: int = LIMIT,
) -> Outcome:
    """This function will send what is due, at most `limit` messages; customers' at most once, staff's at least once.

    The clock is handed in as a function, because a long run may meet the end of the send window (X-29);
    `pause` waits so many seconds, to keep a provider's pace. A clock that was moved since the last tick stops
    customers' messages before the first one leaves. Any number of these may run at once.
    """
    now = clock()
    guards.listen(now=now, pulse=pulse)
    reconciling.recover(now=now)
    total = Outcome()
    if not claiming.customers_are_held():
        total = reconciling.reconcile(clock=clock, providers=providers)
    waiting = list(providers)
    while waiting and total.done + total.failed < limit and clock() - now < LONGEST:
        for channel in list(waiting):
            sent, more = _batch(channel, providers[channel], clock=clock, pause=pause)
            total = total + sent
            if not more:
                waiting.remove(channel)
    return Outcome(total.done, total.failed, left=bool(waiting))


def _batch(
    channel: str, provider: Provider, *, clock: Callable[[], datetime], pause: Callable[[float], None]
) -> tuple[Outcome, bool]:
    """One batch of one channel: what came of it, and whether to come back for more."""
    most = breaker.permits(provider.name, most=claiming.BATCH, now=clock())
    if not most:
        return Outcome(), False
    desk = Desk(uuid.uuid4().hex, provider, house_rules.current(), clock, pause)
    batch = claiming.take(token=desk.token, now=clock(), channel=channel, limit=most)
    total, rest = Outcome(), list(batch)
    while rest:
        result = submitting.hand_over(rest.pop(0), desk)
        total = total + Outcome(done=int(result != Result.FAILED), failed=int(result == Result.FAILED))
        if result == Result.WAIT or breaker.is_open(provider.name):
            claiming.give_back(rest, token=desk.token, now=clock())
            return total, False
    return total, bool(batch)
