"""Dead letters: what failed for good, and what stayed 未知 after the last question. A person retries or voids them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Message, User
from crm.models.message import MessageState
from crm.refusal import Refusal
from crm.services import audit, messages

# So many of one cause at a press, in one transaction.
AT_ONCE = 500
MIN_REASON = 2


class NotADeadLetter(Refusal):
    """Somebody else dealt with it, or it is still on its way."""


class WindowIsOver(Refusal):
    """What could only be sent until then is not sent later."""


class SayWhy(Refusal):
    """Voiding, and sending again what may have been sent, need a reason that stands in the log."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """How many of one cause were dealt with, and how many could not be retried because their window is over."""

    done: int = 0
    over: int = 0
    left: bool = False


@transaction.atomic
def retry(*, message: Message, reason: str = "", by: User, now: datetime) -> None:
    """This function will put a dead letter back into the outbox.

    What a provider had taken and could not bring leaves under a new serial; what may have been sent keeps its own,
    so that a provider that has it knows it again. Raises NotAllowed, NotADeadLetter, WindowIsOver, SayWhy.
    """
    rights.require(by, "messages_dead")
    if message.state == MessageState.UNKNOWN and len(reason.strip()) < MIN_REASON:
        raise SayWhy(_("结果未知的消息可能已经送达，请写明核实情况，如“已向客户核实未收到”。"))
    if message.not_after is not None and now > message.not_after:
        raise WindowIsOver(_("发送时段已过，不能重试，请作废并写明原因。"))
    taken = message.accepted_at is not None
    moved = messages.move(
        message,
        to=MessageState.PLANNED,
        now=now,
        seen=_dead(message),
        serial=uuid.uuid4().hex if taken else message.serial,
        attempts=0,
        not_before=now,
        next_try_at=now,
        accepted_at=None,
        settled_at=None,
        provider="",
        provider_ref="",
        reason="",
        lease_token="",
        lease_until=None,
    )
    _done(message, moved, "retried", reason, by=by, now=now)
    messages.nudge_delivery()


@transaction.atomic
def void(*, message: Message, reason: str, by: User, now: datetime) -> None:
    """This function will end a dead letter for good, with the reason. Raises NotAllowed, NotADeadLetter, SayWhy."""
    rights.require(by, "messages_dead")
    if len(reason.strip()) < MIN_REASON:
        raise SayWhy(_("请写明作废的原因，如“已电话告知客户”。"))
    moved = messages.settle(
        message, to=MessageState.VOIDED, reason=reason.strip(), now=now, seen=_dead(message)
    )
    _done(message, moved, "voided", reason, by=by, now=now)


@transaction.atomic
def retry_all(*, dead: QuerySet[Message], reason: str, by: User, now: datetime) -> Dealt:
    """This function will retry the dead letters of one cause, at most AT_ONCE; those whose window is over stay."""
    done = over = 0
    rows = list(dead.order_by("pk")[: AT_ONCE + 1])
    for message in rows[:AT_ONCE]:
        try:
            retry(message=message, reason=reason, by=by, now=now)
            done += 1
        except WindowIsOver:
            over += 1
        except NotADeadLetter:
            continue  # somebody was faster
    return Dealt(done, over, left=len(rows) > AT_ONCE)


@transaction.atomic
def void_all(*, dead: QuerySet[Message], reason: str, by: User, now: datetime) -> Dealt:
    """This function will void the dead letters of one cause, at most AT_ONCE."""
    done = 0
    rows = list(dead.order_by("pk")[: AT_ONCE + 1])
    for message in rows[:AT_ONCE]:
        try:
            void(message=message, reason=reason, by=by, now=now)
            done += 1
        except NotADeadLetter:
            continue
    return Dealt(done, left=len(rows) > AT_ONCE)


def _dead(message: Message) -> dict[str, object]:
    """A dead letter as it was seen: failed, or unknown with no question left; of this very submission."""
    state = MessageState.UNKNOWN if message.state == MessageState.UNKNOWN else MessageState.FAILED
    return {"state": state, "next_try_at__isnull": True, "submitted_at": message.submitted_at}


def _done(message: Message, moved: bool, verb: str, reason: str, *, by: User, now: datetime) -> None:
    if not moved:
        raise NotADeadLetter(_("这条消息已被处理，或还在发送中，请刷新后再看。"))
    audit.log(
        action=f"crm.message.{verb}",
        subject=message,
        by=by,
        now=now,
        customer=message.customer,
        reason=reason.strip(),
    )
