"""May this message leave now? Asked inside the claim, never earlier (rulebook X-29). Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from crm.models import Contact, Message
from crm.models.customer import CustomerStatus
from crm.models.message import Channel, MessageClass, MessageState
from crm.selectors import consents
from crm.time import local, send_window
from crm.time.rules import TimeRules


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a message does not leave now: an end with its reason, or PLANNED with the moment to look again."""

    state: MessageState
    reason: str = ""
    again_at: datetime | None = None


def obstacle(
    message: Message, *, now: datetime, rules: TimeRules, spoken: bool | None = None
) -> Obstacle | None:
    """This function will name what stands in the way, what can never be mended first; None means it may leave.

    `spoken`: what the reader last said about the message's channel, if anything.
    """
    if message.user is not None:
        return None if message.user.is_active else _skip(_("员工已停用"))
    assert message.contact is not None  # a message has one reader
    return _of_the_reader(message, message.contact, spoken) or _of_the_hour(message, now, rules)


def _of_the_reader(message: Message, contact: Contact, spoken: bool | None) -> Obstacle | None:
    customer = contact.customer
    if customer.status == CustomerStatus.DECEASED:
        return _skip(_("客户已身故"))
    if message.channel == Channel.SMS and not contact.phone_sealed:
        return _skip(_("无手机号"))
    if message.channel == Channel.EMAIL and not contact.email_sealed:
        return _skip(_("无邮箱"))
    if message.message_class != MessageClass.MARKETING:
        return None
    if customer.status != CustomerStatus.ACTIVE:
        return _skip(_("客户已终止"))
    reason = consents.objection(contact, spoken)
    return _skip(reason) if reason else None


def _of_the_hour(message: Message, now: datetime, rules: TimeRules) -> Obstacle | None:
    last = message.not_after
    if last is not None and now > last:
        return _miss(last)
    if message.message_class != MessageClass.MARKETING or send_window.inside(now, rules):
        return None
    opening = send_window.next_opening(now, rules)
    if last is not None and opening > last:
        return _miss(last)
    return Obstacle(MessageState.PLANNED, again_at=opening)


def _skip(reason: str) -> Obstacle:
    return Obstacle(MessageState.SKIPPED, reason)


def _miss(last: datetime) -> Obstacle:
    return Obstacle(
        MessageState.MISSED,
        _("发送时段已过（最晚 %(last)s），不再补发") % {"last": f"{local(last):%Y-%m-%d %H:%M}"},
    )
