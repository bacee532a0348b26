"""Marks a person's notices as read. Nobody reads for somebody else."""

from datetime import datetime

from crm.models import Message, User


def read_notice(*, user: User, pk: int, now: datetime) -> Message | None:
    """This function will mark one notice as read and return it, None where it is not the person's; twice is once."""
    mine = Message.objects.filter(user=user, pk=pk)
    mine.filter(read_at__isnull=True).update(read_at=now)
    return mine.first()


def read_all(*, user: User, now: datetime) -> int:
    """This function will mark all of the person's notices as read and return how many there were."""
    return Message.objects.filter(user=user, read_at__isnull=True, not_before__lte=now).update(read_at=now)
