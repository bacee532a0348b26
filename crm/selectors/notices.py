"""A person's notices on our own pages, newest first."""

from datetime import datetime

from django.db.models import QuerySet

from crm.models import Message, User
from crm.models.message import Channel, MessageState


def of(user: User, *, now: datetime, unread_only: bool = False) -> QuerySet[Message]:
    """This function will list the person's notices whose moment has come, newest first."""
    rows = Message.objects.filter(user=user, channel=Channel.IN_APP, not_before__lte=now).exclude(
        state__in=(MessageState.SKIPPED, MessageState.FAILED)
    )
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    return rows.order_by("-created_at", "-pk")


def unread(user: User, *, now: datetime) -> int:
    """This function will count the person's unread notices, in one query."""
    return of(user, now=now, unread_only=True).count()
