"""What the promise floor does when the floors below tell it something. Each receiver makes one service call."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from crm.models import Message
from crm.signals import message_settled
from servicing.services import greetings


@receiver(message_settled, dispatch_uid="servicing.greetings")
def file_the_result(*, message: Message, now: datetime, **_kwargs: Any) -> None:
    """This function will close the promise of a greeting by what became of its message."""
    greetings.file_result(message=message, now=now)
