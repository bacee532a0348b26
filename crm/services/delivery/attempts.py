"""The tries of a customer's message as rows: begun with 提交中, ended with what came of it."""

from datetime import datetime

from crm.models import Attempt, Message
from crm.models.sending import AttemptResult


def begin(message: Message, *, token: str, provider: str, now: datetime) -> None:
    """This function will write that a try begins, in the transaction that marks 提交中."""
    if message.contact_id is not None:
        Attempt.objects.create(
            message=message, token=token, serial=message.serial, provider=provider, started_at=now
        )


def end(message: Message, *, token: str, result: AttemptResult, now: datetime, detail: str = "") -> None:
    """This function will write what came of the try; a late answer replaces 未知, nothing else is replaced."""
    if message.contact_id is not None:
        Attempt.objects.filter(message=message, token=token, result__in=("", AttemptResult.UNKNOWN)).update(
            result=result, ended_at=now, detail=detail[:200]
        )
