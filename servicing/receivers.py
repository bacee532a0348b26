"""What the promise floor does when the floors below tell it something. Each receiver makes one service call."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from crm.models import Branch, Customer, HandoverItem, Message, User
from crm.services.calendars import Effect
from crm.services.merging import Steps
from crm.signals import (
    calendar_imported,
    customer_handed_over,
    customer_merged,
    message_settled,
    work_handed_over,
)
from servicing.services import commitments, greetings, handovers, merging


@receiver(message_settled, dispatch_uid="servicing.greetings")
def file_the_result(*, message: Message, now: datetime, **_kwargs: Any) -> None:
    """This function will close the promise of a greeting by what became of its message."""
    greetings.file_result(message=message, now=now)


@receiver(calendar_imported, dispatch_uid="servicing.settling")
def count_promises_again(
    *, branch: Branch | None, recount: bool, why: str, by: User | None, now: datetime, **_kwargs: Any
) -> Effect:
    """This function will count promises again under the calendar that has just arrived, and say what that did."""
    found = commitments.settle(branch=branch, firm=recount, why=why, by=by, now=now)
    return Effect(found.counted, found.moved)


@receiver(customer_handed_over, dispatch_uid="servicing.handover")
def follow_the_customer(*, item: HandoverItem, by: User | None, now: datetime, **_kwargs: Any) -> None:
    """This function will move the former keeper's work at the customer, and promise to tell the customer."""
    handovers.follow(item=item, by=by, now=now)


@receiver(work_handed_over, dispatch_uid="servicing.handover_rest")
def follow_the_rest(
    *, former: User, taker: User, reason: str, by: User | None, now: datetime, **_kwargs: Any
) -> None:
    """This function will move what somebody held at customers of others."""
    handovers.move_rest(former=former, taker=taker, reason=reason, by=by, now=now)


@receiver(message_settled, dispatch_uid="servicing.handover_notices")
def file_the_notice(*, message: Message, now: datetime, **_kwargs: Any) -> None:
    """This function will keep the promise to tell a customer of the new keeper by what became of its message."""
    handovers.file_result(message=message, now=now)


@receiver(customer_merged, dispatch_uid="servicing.merging")
def move_promises(
    *, survivor: Customer, merged: Customer, steps: Steps, by: User, now: datetime, **_kwargs: Any
) -> None:
    """This function will move promises to the customer that stays, each occasion's once."""
    merging.move_promises(survivor=survivor, merged=merged, steps=steps, by=by, now=now)
