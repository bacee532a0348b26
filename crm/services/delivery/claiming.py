"""Who may touch a message: one conditional UPDATE hands rows to one worker, with a token and a lease."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from crm.models import Message, TickState
from crm.models.message import MessageClass, MessageState
from crm.services import messages

BATCH = 50
PUSHED = timedelta(hours=1)
POISONED = 24


def customers_are_held() -> bool:
    """This function will say whether customers' messages wait for a person to confirm."""
    return TickState.objects.filter(held_since__isnull=False).exists()


def take(*, token: str, now: datetime, channel: str, limit: int = BATCH) -> list[Message]:
    """This function will claim the messages of a channel that have waited longest, for as long as a lease lasts.

    Two workers never hold the same row: the UPDATE names the state it expects, on any database.
    """
    due = Message.objects.filter(state=MessageState.PLANNED, next_try_at__lte=now, channel=channel)
    if customers_are_held():
        due = due.filter(message_class=MessageClass.STAFF)
    wanted = list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:limit])
    if not wanted:
        return []
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    reserve(wanted, token=token, now=now, until=until)
    mine = Message.objects.filter(state=MessageState.CLAIMED, lease_token=token)
    return list(mine.select_related("contact__customer", "user", "occurrence").order_by("not_before", "pk"))


def reserve(wanted: list[int], *, token: str, now: datetime, until: datetime) -> None:
    """This function will mark the rows that are still free as ours."""
    Message.objects.filter(pk__in=wanted, state=MessageState.PLANNED, next_try_at__lte=now).update(
        state=MessageState.CLAIMED, lease_token=token, lease_until=until, next_try_at=until
    )


def seen_as_mine(token: str, *states: MessageState) -> dict[str, object]:
    """This function will describe a row that this worker still holds."""
    return {"state__in": states or (MessageState.CLAIMED,), "lease_token": token}


def put_back(
    message: Message, *, token: str, again_at: datetime, now: datetime, states: tuple[MessageState, ...] = ()
) -> bool:
    """This function will return a message to the queue, to be looked at again at the given moment."""
    return messages.move(
        message,
        to=MessageState.PLANNED,
        now=now,
        seen=seen_as_mine(token, *states),
        next_try_at=again_at,
        lease_token="",
        lease_until=None,
    )


def give_back(rest: list[Message], *, token: str, now: datetime) -> None:
    """This function will return messages of a batch that nobody looked at, to be claimed again at once."""
    mine = Message.objects.filter(pk__in=[one.pk for one in rest], **seen_as_mine(token))
    mine.update(state=MessageState.PLANNED, lease_token="", lease_until=None, next_try_at=now)


def push_poison(message: Message, *, token: str, now: datetime) -> None:
    """This function will push a row that cannot even be prepared one hour ahead, so that it blocks nobody.

    After a day of this it is a dead letter.
    """
    if message.attempts >= POISONED:
        reason = _("消息无法准备（如联系方式无法解密），请技术人员查看")
        messages.settle(message, to=MessageState.FAILED, reason=reason, now=now, seen=seen_as_mine(token))
        return
    put_back(message, token=token, again_at=now + PUSHED, now=now)
    Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
