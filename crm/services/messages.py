"""The outbox: messages are saved with their reason, in one transaction, and settled exactly once. Sending is `delivery`."""

import logging
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from crm.models import Contact, Message, Occurrence, User
from crm.models.message import Channel, MessageClass, MessageState
from crm.queue import run_soon
from crm.signals import message_settled

logger = logging.getLogger(__name__)

# Upper floors hear of these: an acceptance is evidence, an end without one is a reason.
HEARD = frozenset(
    {
        MessageState.ACCEPTED,
        MessageState.DELIVERED,
        MessageState.SKIPPED,
        MessageState.FAILED,
        MessageState.MISSED,
    }
)

# A provider is asked about a message so long after its submission; then it is left to a person.
QUESTIONS = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=24))
# States that a report of the provider may change: every one in which it may have the message.
REPORTED: dict[str, Any] = {
    "state__in": (
        MessageState.SUBMITTING,
        MessageState.UNKNOWN,
        MessageState.ACCEPTED,
        MessageState.PLANNED,
        MessageState.CLAIMED,
        MessageState.MISSED,
        MessageState.FAILED,
    )
}


def post(
    *,
    kind: str,
    message_class: MessageClass | str,
    channel: Channel | str,
    body: str,
    now: datetime,
    contact: Contact | None = None,
    user: User | None = None,
    occurrence: Occurrence | None = None,
    link: str = "",
    subject: str = "",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    nudge: bool = True,
) -> Message:
    """This function will put one message to one reader into the outbox, in the caller's transaction.

    Nothing is checked here: consent, opt-out and the send window are looked at when the message is claimed.
    `nudge=False` is for callers that post many and nudge once.
    """
    starts = max(now, not_before or now)
    message = Message.objects.create(
        serial=uuid.uuid4().hex,
        kind=kind,
        message_class=message_class,
        channel=channel,
        customer_id=contact.customer_id if contact else None,
        contact=contact,
        user=user,
        occurrence=occurrence,
        subject=subject,
        body=body,
        link=link,
        created_at=now,
        not_before=starts,
        not_after=not_after,
        next_try_at=starts,
    )
    if nudge and starts <= now:
        nudge_delivery()
    return message


def notify(
    *,
    users: list[User],
    kind: str,
    body: str,
    now: datetime,
    link: str = "",
    not_before: datetime | None = None,
    nudge: bool = True,
) -> list[Message]:
    """This function will post one notice on our own pages to each of the people."""
    return [
        post(
            kind=kind,
            message_class=MessageClass.STAFF,
            channel=Channel.IN_APP,
            body=body,
            now=now,
            user=user,
            link=link,
            not_before=not_before,
            nudge=nudge,
        )
        for user in users
    ]


def notify_each(
    letters: list[tuple[User, str, str]], *, kind: str, now: datetime, not_before: datetime
) -> None:
    """This function will post a notice to each of many people on our own pages: who, what, and where it leads.

    The next tick delivers; thousands of notices must not ring the broker.
    """
    starts = max(now, not_before)
    Message.objects.bulk_create(
        (
            Message(
                serial=uuid.uuid4().hex,
                kind=kind,
                message_class=MessageClass.STAFF,
                channel=Channel.IN_APP,
                user=user,
                body=body,
                link=link,
                created_at=now,
                not_before=starts,
                next_try_at=starts,
            )
            for user, body, link in letters
        ),
        batch_size=500,
    )


def nudge_delivery() -> None:
    """This function will ask for a delivery run soon; a lost nudge costs at most one tick."""
    run_soon("crm.deliver_messages", expires=60)


def move(message: Message, *, to: MessageState, now: datetime, seen: dict[str, Any], **fields: Any) -> bool:
    """This function will move a message from the state that was `seen` to another, if it is still as seen.

    One conditional UPDATE decides; False means that somebody else moved it first. Who is told of a settled
    message is told in the same transaction; a listener that fails is logged and does not undo the move.
    """
    with transaction.atomic():
        moved = Message.objects.filter(pk=message.pk, **seen).update(state=to, **fields)
        if not moved:
            return False
        message.refresh_from_db()
        if to in HEARD:
            _tell(message, now)
    return True


def settle(message: Message, *, to: MessageState, reason: str, now: datetime, seen: dict[str, Any]) -> bool:
    """This function will end a message that will not be sent, with the reason people read."""
    return move(
        message,
        to=to,
        now=now,
        seen=seen,
        reason=reason[:200],
        settled_at=now,
        next_try_at=None,
        lease_token="",
        lease_until=None,
    )


def accept(
    message: Message,
    *,
    reference: str,
    provider: str,
    at: datetime,
    now: datetime,
    seen: dict[str, Any],
    ask_at: datetime | None = None,
) -> bool:
    """This function will write down that the provider took the message, and when; `ask_at`: when to ask for more."""
    return move(
        message,
        to=MessageState.ACCEPTED,
        now=now,
        seen=seen,
        accepted_at=at,
        settled_at=now,
        provider=provider,
        provider_ref=reference,
        next_try_at=None,
        ask_at=ask_at,
        lease_until=None,
        reason="",
    )


def deliver(message: Message, *, reference: str, provider: str, at: datetime, now: datetime) -> bool:
    """This function will write down that the message arrived: also if we did not know yet that it was taken, or
    had been told that it failed. A message that never left cannot have arrived."""
    return move(
        message,
        to=MessageState.DELIVERED,
        now=now,
        seen=REPORTED | {"submitted_at__isnull": False},
        accepted_at=message.accepted_at or at,
        delivered_at=at,
        settled_at=message.settled_at or now,
        provider=provider,
        provider_ref=message.provider_ref or reference,
        next_try_at=None,
        ask_at=None,
        lease_token="",
        lease_until=None,
        reason="",
    )


def give_up(message: Message, *, reason: str, provider: str, at: datetime, now: datetime) -> bool:
    """This function will write down that the provider had taken the message and could not bring it. What is known
    to have arrived stays so, in whatever order the reports come."""
    return move(
        message,
        to=MessageState.FAILED,
        now=now,
        seen=REPORTED | {"submitted_at__isnull": False},
        accepted_at=message.accepted_at or at,
        settled_at=message.settled_at or now,
        provider=provider,
        next_try_at=None,
        ask_at=None,
        lease_token="",
        lease_until=None,
        reason=reason[:200],
    )


def first_question(at: datetime) -> datetime:
    """This function will say when to ask whether a message arrived that was accepted at an instant."""
    return at + QUESTIONS[0]


def next_question(message: Message, now: datetime) -> datetime | None:
    """This function will say when to ask about a message again, counted from its submission; None: never again."""
    sent = message.submitted_at or message.created_at
    return next((sent + wait for wait in QUESTIONS if sent + wait > now), None)


def _tell(message: Message, now: datetime) -> None:
    try:
        with transaction.atomic():
            message_settled.send(sender=Message, message=message, now=now)
    except Exception:
        logger.exception("message %s is settled, but a listener failed", message.serial)
