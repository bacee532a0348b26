"""A mutation for a worker's --include: claims and moves that read, then write, as if nobody else were there."""

from datetime import datetime
from typing import Any

from crm.models import Message
from crm.models.message import MessageState
from crm.services import messages
from crm.services.delivery import claiming


def take(*, token: str, now: datetime, channel: str, limit: int = 50) -> list[Message]:
    """This function will hand out whatever is not accepted yet, to everybody who asks."""
    due = Message.objects.filter(
        state__in=(MessageState.PLANNED, MessageState.SUBMITTING), next_try_at__lte=now, channel=channel
    )
    return list(due.order_by("pk")[:limit])


def move(message: Message, *, to: MessageState, now: datetime, seen: dict[str, Any], **fields: Any) -> bool:
    """This function will write without naming the state it expects."""
    Message.objects.filter(pk=message.pk).update(state=to, **fields)
    message.refresh_from_db()
    return True


claiming.take = take  # type: ignore[assignment]
messages.move = move  # type: ignore[assignment]
