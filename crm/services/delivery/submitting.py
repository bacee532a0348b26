"""Handing one claimed message to its provider, so that a crash at any line leaves a state that tells the truth."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from crm.models import Contact, Message
from crm.models.message import Channel, MessageClass, MessageState
from crm.providers.base import Accepted, NeverLeft, Outgoing, Provider, Refused
from crm.services import messages, sealed_fields
from crm.services.delivery import claiming
from crm.services.delivery.eligibility import Obstacle, obstacle
from crm.time.rules import TimeRules

logger = logging.getLogger(__name__)

# After a passing refusal, or a connection that never was; after the last one the message has failed.
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (5, 30, 60, 300, 1200, 3600, 4 * 3600, 6 * 3600, 12 * 3600))


def hand_over(
    message: Message, *, token: str, provider: Provider, rules: TimeRules, clock: Callable[[], datetime]
) -> bool:
    """This function will send one claimed message or settle why not; False counts it as failed.

    The state 提交中 is committed with our serial before the call. Whoever dies after that leaves a row
    that is asked about, never one that is sent again.
    """
    try:
        outgoing = _outgoing(message)
        if not _leave(message, token=token, rules=rules, now=clock()):
            return True
    except Exception:
        logger.exception("message %s cannot be prepared, it is pushed one hour ahead", message.serial)
        claiming.push_poison(message, token=token, now=clock())
        return False
    if message.lease_until is not None and clock() >= message.lease_until:
        # We slept past our lease; nothing has left yet, and somebody may already be asking about this row.
        claiming.put_back(
            message, token=token, again_at=clock(), now=clock(), states=(MessageState.SUBMITTING,)
        )
        return True
    return _call(message, outgoing, token=token, provider=provider, clock=clock)


def _outgoing(message: Message) -> Outgoing:
    to = ""
    if message.channel == Channel.SMS and message.contact is not None and message.contact.phone_sealed:
        to = sealed_fields.clear(message.contact, "phone")
    return Outgoing(message.serial, message.kind, message.channel, to, message.body)


@transaction.atomic
def _leave(message: Message, *, token: str, rules: TimeRules, now: datetime) -> bool:
    """The last look and the mark 提交中 are one transaction: an opt-out committed before it is obeyed."""
    if message.contact_id is not None:
        # Waits for an opt-out that is being written; on SQLite this transaction already holds the only lock.
        message.contact = (
            Contact.objects.select_for_update(of=("self",))
            .select_related("customer")
            .get(pk=message.contact_id)
        )
        if claiming.customers_are_held():
            claiming.put_back(message, token=token, again_at=now, now=now)
            return False
    stop = obstacle(message, now=now, rules=rules)
    if stop is not None:
        _obey(message, stop, token=token, now=now)
        return False
    return messages.move(
        message,
        to=MessageState.SUBMITTING,
        now=now,
        seen=claiming.seen_as_mine(token) | {"lease_until__gt": now},
        submitted_at=now,
        attempts=F("attempts") + 1,
    )


def _obey(message: Message, stop: Obstacle, *, token: str, now: datetime) -> None:
    if stop.again_at is not None:
        claiming.put_back(message, token=token, again_at=stop.again_at, now=now)
        return
    messages.settle(message, to=stop.state, reason=stop.reason, now=now, seen=claiming.seen_as_mine(token))


def _call(
    message: Message, outgoing: Outgoing, *, token: str, provider: Provider, clock: Callable[[], datetime]
) -> bool:
    try:
        answer = provider.submit(outgoing, now=clock())
    except NeverLeft as error:
        _try_later(message, str(error), token=token, now=clock())
        return True
    except Exception:
        logger.exception("message %s: nobody knows whether it was sent", message.serial)
        mark_unknown(message, token=token, now=clock())
        return False
    # A late answer still counts when the row was already marked 未知, but never once it was given away again.
    seen = claiming.seen_as_mine(token, MessageState.SUBMITTING, MessageState.UNKNOWN)
    if isinstance(answer, Accepted):
        messages.accept(
            message, reference=answer.reference, provider=provider.name, at=answer.at, now=clock(), seen=seen
        )
    else:
        _refused(message, answer, token=token, now=clock())
    return True


def mark_unknown(message: Message, *, token: str, now: datetime) -> None:
    """This function will say 未知 of a customer's message; a staff notice is simply shown again."""
    if message.message_class == MessageClass.STAFF:
        claiming.put_back(message, token=token, again_at=now, now=now, states=(MessageState.SUBMITTING,))
        return
    messages.move(
        message,
        to=MessageState.UNKNOWN,
        now=now,
        seen=claiming.seen_as_mine(token, MessageState.SUBMITTING),
        next_try_at=now + timedelta(seconds=settings.SETTLE_SECONDS),
        lease_until=None,
    )


def _refused(message: Message, answer: Refused, *, token: str, now: datetime) -> None:
    if not answer.lasting:
        _try_later(message, answer.reason, token=token, now=now)
        return
    seen = claiming.seen_as_mine(token, MessageState.SUBMITTING, MessageState.UNKNOWN)
    messages.settle(message, to=MessageState.FAILED, reason=answer.reason, now=now, seen=seen)


def _try_later(message: Message, reason: str, *, token: str, now: datetime) -> None:
    states = (MessageState.SUBMITTING, MessageState.UNKNOWN)
    if message.attempts > len(RETRY_AFTER):
        messages.settle(
            message,
            to=MessageState.FAILED,
            reason=reason,
            now=now,
            seen=claiming.seen_as_mine(token, *states),
        )
        return
    again_at = now + RETRY_AFTER[message.attempts - 1]
    claiming.put_back(message, token=token, again_at=again_at, now=now, states=states)
