"""What the promise floor does when the floors below tell it something. Each receiver makes one service call."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from crm.models import Message
from crm.signals import calendar_imported, message_settled
from servicing.services import commitments, greetings


@receiver(message_settled, dispatch_uid="servicing.greetings")
def file_the_result(*, message: Message, now: datetime, **_kwargs: Any) -> None:
    """This function will close the promise of a greeting by what became of its message."""
    greetings.file_result(message=message, now=now)


@receiver(calendar_imported, dispatch_uid="servicing.settling")
def settle_provisional_promises(*, now: datetime, **_kwargs: Any) -> None:
    """This function will count provisional promises again under the calendar that has just arrived."""
    commitments.settle(now=now)
