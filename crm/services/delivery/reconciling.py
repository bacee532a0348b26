"""What became of messages that a dead worker or a silent provider left behind, and of those that were accepted."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.models import Message
from crm.models.message import MessageClass, MessageState
from crm.providers.base import Accepted, CannotBeAsked, Delivered, Fate, Provider, Undelivered
from crm.services import messages
from crm.services.delivery import breaker, submitting
from crm.services.runs import Outcome

logger = logging.getLogger(__name__)

LIMIT = 500
# Asking may not keep a run from sending.
LONGEST = timedelta(seconds=60)


def recover(*, now: datetime) -> int:
    """This function will take back what workers held when they died: unsent rows go back, sent-or-not becomes 未知.

    A lease further ahead than any lease lasts was written by a clock that has since gone back; it is over too.
    """
    over = Q(lease_until__lte=now) | Q(lease_until__gt=now + timedelta(seconds=settings.LEASE_SECONDS))
    dead = Message.objects.filter(over, next_try_at__isnull=False)
    freed = dead.filter(state=MessageState.CLAIMED).update(
        state=MessageState.PLANNED, lease_token="", lease_until=None, next_try_at=now
    )
    for message in dead.filter(state=MessageState.SUBMITTING)[:LIMIT]:
        submitting.mark_unknown(message, token=message.lease_token, now=now)
        freed += 1
    return freed


def reconcile(*, clock: Callable[[], datetime], providers: Mapping[str, Provider]) -> Outcome:
    """This function will ask each provider, by our serial, about messages that are 未知 and have settled, and
    about accepted ones whose receipt is late.

    Unknown and seen → accepted. Never seen → back to the queue with the same serial while its window holds,
    else missed. A provider that cannot be asked leaves the row as it is; one that rests is not asked.
    """
    total, until = Outcome(), clock() + LONGEST
    for channel, provider in providers.items():
        of_customers = Message.objects.filter(channel=channel).exclude(message_class=MessageClass.STAFF)
        unknown = of_customers.filter(state=MessageState.UNKNOWN, next_try_at__lte=clock())
        accepted = of_customers.filter(state=MessageState.ACCEPTED, ask_at__lte=clock())
        total += _ask_all(unknown.order_by("next_try_at")[:LIMIT], provider, clock=clock, until=until)
        if provider.reports_delivery:
            total += _ask_all(accepted.order_by("ask_at")[:LIMIT], provider, clock=clock, until=until)
    return Outcome(total.done, total.failed)


def _ask_all(
    rows: Iterable[Message], provider: Provider, *, clock: Callable[[], datetime], until: datetime
) -> Outcome:
    done = failed = 0
    for message in rows:
        if breaker.is_open(provider.name) or clock() > until:
            break
        try:
            _settle(message, provider.query(message.serial, now=clock()), provider, now=clock())
            done += 1
        except Exception as error:
            failed += not isinstance(error, CannotBeAsked)
            logger.warning("message %s stays %s: %s", message.serial, message.state, error)
            if isinstance(error, CannotBeAsked) and str(error):
                breaker.failed(provider.name, error=str(error), now=clock())
            _ask_again(message, now=clock())
    return Outcome(done=done, failed=failed)


def _settle(message: Message, fate: Fate, provider: Provider, *, now: datetime) -> None:
    if fate is not None:
        fate = replace(fate, at=min(fate.at, now))  # their clock may be ahead of ours
    if isinstance(fate, Delivered):
        messages.deliver(message, reference=fate.reference, provider=provider.name, at=fate.at, now=now)
    elif isinstance(fate, Undelivered):
        messages.give_up(message, reason=fate.reason, provider=provider.name, at=fate.at, now=now)
    elif message.state == MessageState.ACCEPTED:
        _ask_again(message, now=now)
    elif isinstance(fate, Accepted):
        messages.accept(
            message,
            reference=fate.reference,
            provider=provider.name,
            at=fate.at,
            now=now,
            seen=_as_seen(message),
            ask_at=messages.next_question(message, now) if provider.reports_delivery else None,
        )
    else:
        _never_seen(message, now=now)


def _never_seen(message: Message, *, now: datetime) -> None:
    if message.not_after is not None and now > message.not_after:
        reason = _("服务商未收到，发送时段已过，不再补发")
        messages.settle(message, to=MessageState.MISSED, reason=reason, now=now, seen=_as_seen(message))
        return
    messages.move(
        message,
        to=MessageState.PLANNED,
        now=now,
        seen=_as_seen(message),
        next_try_at=now,
        lease_token="",
        lease_until=None,
        reason="",
    )


def _as_seen(message: Message) -> dict[str, object]:
    """An answer about an earlier try must not move a later one, so the try is named by its submission."""
    return {"state": message.state, "submitted_at": message.submitted_at}


def _ask_again(message: Message, *, now: datetime) -> None:
    """After the last question an unknown row is listed to a person, and an accepted one stays accepted."""
    field = "next_try_at" if message.state == MessageState.UNKNOWN else "ask_at"
    later = messages.next_question(message, now)
    Message.objects.filter(pk=message.pk, **_as_seen(message)).update(**{field: later})
