"""A person's notices on our own pages, newest first."""

from dataclasses import dataclass
from datetime import datetime

from crm.models import Message, User
from crm.models.message import Channel, MessageState

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Bell:
    """The newest notices and how many are still unread."""

    notices: list[Message]
    unread: int


def bell_of(user: User, *, now: datetime, limit: int = SHOWN) -> Bell:
    """This function will return the person's newest notices whose moment has come, with the number unread; two queries."""
    rows = Message.objects.filter(user=user, channel=Channel.IN_APP, not_before__lte=now).exclude(
        state__in=(MessageState.SKIPPED, MessageState.FAILED)
    )
    unread = rows.filter(read_at__isnull=True)
    return Bell(list(rows.order_by("-created_at", "-pk")[:limit]), unread.count())
