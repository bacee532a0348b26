"""What became of messages that a dead worker or a silent provider left behind."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from crm.models import Message
from crm.models.message import MessageClass, MessageState
from crm.providers.base import CannotBeAsked, Provider
from crm.services import messages
from crm.services.delivery import submitting
from crm.services.runs import Outcome

logger = logging.getLogger(__name__)

LIMIT = 500
# Counted from the submission: when to ask again. After the last one the row stays 未知 and a person is shown it.
ASK_AGAIN = (timedelta(hours=2), timedelta(hours=24))


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


def reconcile(*, now: datetime, provider: Provider) -> Outcome:
    """This function will ask the provider, by our serial, about messages that are 未知 and have settled.

    Seen → accepted. Never seen → back to the queue with the same serial while its window holds, else missed.
    A provider that cannot be asked leaves the row 未知.
    """
    unknown = Message.objects.filter(state=MessageState.UNKNOWN, next_try_at__lte=now)
    done = failed = 0
    for message in unknown.exclude(message_class=MessageClass.STAFF).order_by("next_try_at")[:LIMIT]:
        try:
            _ask(message, now=now, provider=provider)
            done += 1
        except Exception as error:
            failed += not isinstance(error, CannotBeAsked)
            logger.warning("message %s stays unknown: %s", message.serial, error)
            Message.objects.filter(pk=message.pk, **_as_seen(message)).update(
                next_try_at=_ask_again_at(message, now)
            )
    return Outcome(done=done, failed=failed)


def _ask(message: Message, *, now: datetime, provider: Provider) -> None:
    found = provider.query(message.serial)
    if found is not None:
        messages.accept(
            message,
            reference=found.reference,
            provider=provider.name,
            at=found.at,
            now=now,
            seen=_as_seen(message),
        )
    elif message.not_after is not None and now > message.not_after:
        reason = "服务商未收到，发送时段已过，不再补发"
        messages.settle(message, to=MessageState.MISSED, reason=reason, now=now, seen=_as_seen(message))
    else:
        messages.move(
            message,
            to=MessageState.PLANNED,
            now=now,
            seen=_as_seen(message),
            next_try_at=now,
            lease_token="",
            lease_until=None,
        )


def _as_seen(message: Message) -> dict[str, object]:
    """An answer about an earlier try must not move a later one, so the try is named by its submission."""
    return {"state": MessageState.UNKNOWN, "submitted_at": message.submitted_at}


def _ask_again_at(message: Message, now: datetime) -> datetime | None:
    sent = message.submitted_at or message.created_at
    return next((sent + wait for wait in ASK_AGAIN if sent + wait > now), None)
