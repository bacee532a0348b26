"""Handing one claimed message to its provider, so that a crash at any line leaves a state that tells the truth."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from django.conf import settings
from django.db import transaction
from django.db.models import F

from crm.house_rules import HouseRules
from crm.models import Message
from crm.models.message import Channel, MessageClass, MessageState
from crm.models.sending import AttemptResult
from crm.providers.base import Accepted, NeverLeft, Outgoing, Provider, Refused
from crm.selectors import consents
from crm.services import messages, sealed_fields
from crm.services.delivery import attempts, breaker, claiming, limits, pacing
from crm.services.delivery.eligibility import Obstacle, obstacle

logger = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
# After a passing refusal, or a connection that never was; after the last one the message is a dead letter.
RETRY_AFTER = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(5, 30, MINUTE, 5 * MINUTE, 20 * MINUTE),
        *(HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR),
    )
)


class Result(Enum):
    """What came of one message of a batch; WAIT means that its provider has no moment for it soon."""

    DONE = auto()
    FAILED = auto()
    WAIT = auto()


@dataclass(frozen=True, slots=True)
class Desk:
    """What a batch is handed over with: its lease, the provider, the rules in force, the clock."""

    token: str
    provider: Provider
    house: HouseRules
    clock: Callable[[], datetime]
    pause: Callable[[float], None]


def hand_over(message: Message, desk: Desk) -> Result:
    """This function will send one claimed message or settle why not.

    The state 提交中 is committed with our serial before the call. Whoever dies after that leaves a row
    that is asked about, never one that is sent again.
    """
    try:
        outgoing = _outgoing(message)
        wait = _moment(message, desk)
        if wait > pacing.LONGEST_WAIT:
            now = desk.clock()
            claiming.put_back(message, token=desk.token, again_at=now + wait, now=now)
            return Result.WAIT
        if wait:
            desk.pause(wait.total_seconds())
        if not _leave(message, desk, now=desk.clock()):
            return Result.DONE
    except Exception:
        logger.exception("message %s cannot be prepared, it is pushed one hour ahead", message.serial)
        claiming.push_poison(message, token=desk.token, now=desk.clock())
        return Result.FAILED
    if message.lease_until is not None and desk.clock() >= message.lease_until:
        # We slept past our lease; nothing has left yet, and somebody may already be asking about this row.
        _put_back(message, desk, AttemptResult.NEVER_LEFT, "", timedelta(0))
        return Result.DONE
    return _call(message, outgoing, desk)


def _outgoing(message: Message) -> Outgoing:
    to, contact = "", message.contact
    if contact is not None and message.channel == Channel.SMS and contact.phone_sealed:
        to = sealed_fields.clear(contact, "phone")
    elif contact is not None and message.channel == Channel.EMAIL and contact.email_sealed:
        to = sealed_fields.clear(contact, "email")
    return Outgoing(message.serial, message.kind, message.channel, to, message.body, message.subject)


def _moment(message: Message, desk: Desk) -> timedelta:
    """Only what will probably leave takes a moment of the provider's pace; the last look comes later."""
    now = desk.clock()
    if obstacle(message, now=now, rules=desk.house.time_rules(), spoken=_spoken(message)) is not None:
        return timedelta(0)
    return pacing.moment(desk.provider, now=now)


def _spoken(message: Message, persons: Sequence[int] = ()) -> bool | None:
    """What the reader, in whichever row, last said about the channel; only care messages ask (rulebook X-29)."""
    if message.message_class != MessageClass.MARKETING or message.contact_id is None:
        return None
    return consents.spoken(persons or [message.contact_id], message.channel)


@transaction.atomic
def _leave(message: Message, desk: Desk, *, now: datetime) -> bool:
    """The last look and the mark 提交中 are one transaction: an opt-out committed before it is obeyed."""
    persons: list[int] = []
    if message.contact_id is not None:
        message.contact, persons = limits.hold_the_person(message.contact_id)
        if claiming.customers_are_held():
            claiming.put_back(message, token=desk.token, again_at=now, now=now)
            return False
    stop = obstacle(message, now=now, rules=desk.house.time_rules(), spoken=_spoken(message, persons))
    if stop is None and persons:
        stop = limits.obstacle(message, persons, now=now, house=desk.house)
    if stop is not None:
        _obey(message, stop, token=desk.token, now=now)
        return False
    left = messages.move(
        message,
        to=MessageState.SUBMITTING,
        now=now,
        seen=claiming.seen_as_mine(desk.token) | {"lease_until__gt": now},
        submitted_at=now,
        attempts=F("attempts") + 1,
    )
    if left:
        attempts.begin(message, token=desk.token, provider=desk.provider.name, now=now)
    return left


def _obey(message: Message, stop: Obstacle, *, token: str, now: datetime) -> None:
    if stop.again_at is not None:
        claiming.put_back(message, token=token, again_at=stop.again_at, now=now)
        return
    messages.settle(message, to=stop.state, reason=stop.reason, now=now, seen=claiming.seen_as_mine(token))


def _call(message: Message, outgoing: Outgoing, desk: Desk) -> Result:
    try:
        answer = desk.provider.submit(outgoing, now=desk.clock())
    except NeverLeft as error:
        breaker.failed(desk.provider.name, error=str(error), now=desk.clock())
        _try_later(message, str(error), desk, AttemptResult.NEVER_LEFT)
        return Result.DONE
    except Exception as error:
        logger.warning("message %s: nobody knows whether it was sent: %r", message.serial, error)
        mark_unknown(message, token=desk.token, now=desk.clock(), detail=type(error).__name__)
        breaker.failed(desk.provider.name, error=type(error).__name__, now=desk.clock())
        return Result.FAILED
    if isinstance(answer, Accepted):
        _accepted(message, answer, desk)
    else:
        _refused(message, answer, desk)
    return Result.DONE


def _accepted(message: Message, answer: Accepted, desk: Desk) -> None:
    # A late answer still counts when the row was already marked 未知, but never once it was given away again.
    messages.accept(
        message,
        reference=answer.reference,
        provider=desk.provider.name,
        at=answer.at,
        now=desk.clock(),
        seen=_given_away(desk.token),
        ask_at=messages.first_question(answer.at) if desk.provider.reports_delivery else None,
    )
    attempts.end(message, token=desk.token, result=AttemptResult.ACCEPTED, now=desk.clock())
    breaker.succeeded(desk.provider.name)


def _refused(message: Message, answer: Refused, desk: Desk) -> None:
    now, name = desk.clock(), desk.provider.name
    if answer.of_provider:
        breaker.failed(name, error=answer.reason, now=now)
    else:
        breaker.succeeded(name)
    if not answer.lasting:
        _try_later(message, answer.reason, desk, AttemptResult.PUT_OFF)
        return
    attempts.end(message, token=desk.token, result=AttemptResult.REFUSED, now=now, detail=answer.reason)
    messages.settle(
        message, to=MessageState.FAILED, reason=answer.reason, now=now, seen=_given_away(desk.token)
    )


def _given_away(token: str) -> dict[str, object]:
    return claiming.seen_as_mine(token, MessageState.SUBMITTING, MessageState.UNKNOWN)


def mark_unknown(message: Message, *, token: str, now: datetime, detail: str = "") -> None:
    """This function will say 未知 of a customer's message; a staff notice is simply shown again."""
    if message.message_class == MessageClass.STAFF:
        claiming.put_back(message, token=token, again_at=now, now=now, states=(MessageState.SUBMITTING,))
        return
    moved = messages.move(
        message,
        to=MessageState.UNKNOWN,
        now=now,
        seen=claiming.seen_as_mine(token, MessageState.SUBMITTING),
        next_try_at=now + timedelta(seconds=settings.SETTLE_SECONDS),
        lease_until=None,
        reason=_why_unknown(detail),
    )
    if moved:
        attempts.end(message, token=token, result=AttemptResult.UNKNOWN, now=now, detail=detail)


def _why_unknown(detail: str) -> str:
    return f"服务商没有给出结果（{detail}）" if detail else "发送中断，结果未知"


def _try_later(message: Message, reason: str, desk: Desk, result: AttemptResult) -> None:
    if message.attempts <= len(RETRY_AFTER):
        _put_back(message, desk, result, reason, RETRY_AFTER[message.attempts - 1])
        return
    now = desk.clock()
    attempts.end(message, token=desk.token, result=result, now=now, detail=reason)
    messages.settle(message, to=MessageState.FAILED, reason=reason, now=now, seen=_given_away(desk.token))


def _put_back(message: Message, desk: Desk, result: AttemptResult, reason: str, wait: timedelta) -> None:
    now = desk.clock()
    attempts.end(message, token=desk.token, result=result, now=now, detail=reason)
    states = (MessageState.SUBMITTING, MessageState.UNKNOWN)
    claiming.put_back(message, token=desk.token, again_at=now + wait, now=now, states=states)
