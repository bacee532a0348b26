"""Delivery of the outbox: what was left behind is recovered and asked about, then what is due is sent in batches."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from crm.models.message import Channel
from crm.providers.base import Provider
from crm.pulse import Pulse
from crm.selectors import house_rules
from crm.services.delivery import claiming, reconciling, submitting
from crm.services.runs import Outcome
from crm.services.tick import guards

__all__ = ["LIMIT", "deliver"]

LIMIT = 1000


def deliver(
    *, clock: Callable[[], datetime], pulse: Pulse, providers: Mapping[str, Provider], limit: int = LIMIT
) -> Outcome:
    """This function will send what is due, at most `limit` messages; customers' at most once, staff's at least once.

    The clock is handed in as a function, because a long run may meet the end of the send window (X-29).
    A clock that was moved since the last tick stops customers' messages before the first one leaves. Any
    number of these may run at once.
    """
    now = clock()
    guards.listen(now=now, pulse=pulse)
    reconciling.recover(now=now)
    held = claiming.customers_are_held()
    total = Outcome() if held else reconciling.reconcile(now=now, provider=providers[Channel.SMS])
    while total.done + total.failed < limit:
        token = uuid.uuid4().hex
        batch = claiming.take(token=token, now=clock())
        if not batch:
            return Outcome(total.done, total.failed)
        rules = house_rules.current().time_rules()
        for message in batch:
            sent = submitting.hand_over(
                message, token=token, provider=providers[message.channel], rules=rules, clock=clock
            )
            total = total + Outcome(done=int(sent), failed=int(not sent))
    return Outcome(total.done, total.failed, left=True)
