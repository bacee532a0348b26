"""How much one person may be sent (reliability limits): so many messages a day, and one occasion once a year.

Asked inside the claim, while the person's rows are held. The same phone or mailbox is the same person.
"""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.house_rules import HouseRules
from crm.models import Contact, Message
from crm.models.message import MessageClass, MessageState
from crm.services.delivery.eligibility import Obstacle
from crm.time import at_time, local_date

# What has left, or may have.
LEFT = (MessageState.SUBMITTING, MessageState.UNKNOWN, MessageState.ACCEPTED, MessageState.DELIVERED)
# Two birthdays by the lunar calendar are at least 353 days apart, so nearer ones are the same occasion.
SAME_YEAR = timedelta(days=300)


def hold_the_person(contact_pk: int) -> tuple[Contact, list[int]]:
    """This function will lock a contact and all rows of the same person, and return it with their numbers.

    Waits for an opt-out that is being written, and for another message to the same person. On SQLite the
    transaction already holds the only lock.
    """
    asked = Contact.objects.get(pk=contact_pk)
    same = Q(pk=asked.pk)
    if asked.phone_index:
        same |= Q(phone_index=asked.phone_index)
    if asked.email_index:
        same |= Q(email_index=asked.email_index)
    rows = Contact.objects.select_for_update().prefetch_related("customer")
    held = list(rows.filter(same).order_by("pk"))
    return next(one for one in held if one.pk == contact_pk), [one.pk for one in held]


def obstacle(message: Message, persons: list[int], *, now: datetime, house: HouseRules) -> Obstacle | None:
    """This function will name the limit that stands in the way of one more message to a person."""
    to_them = Message.objects.filter(contact__in=persons, state__in=LEFT).exclude(pk=message.pk)
    if message.occurrence is not None:
        one = message.occurrence
        near = Q(
            occurrence__subject=one.subject,
            occurrence__occasion_date__gt=one.occasion_date - SAME_YEAR,
            occurrence__occasion_date__lt=one.occasion_date + SAME_YEAR,
        )
        same = to_them.filter(near | Q(occurrence__occasion_date=one.occasion_date), kind=message.kind)
        if same.count() >= house.occasion_per_year:
            return Obstacle(MessageState.SKIPPED, _("同一事由一年内已发过"))
    marketing = message.message_class == MessageClass.MARKETING
    most = house.marketing_per_day if marketing else house.service_per_day
    today = local_date(now)
    sent = to_them.filter(message_class=message.message_class, submitted_at__gte=_start(today))
    if sent.filter(submitted_at__lt=_start(today + timedelta(days=1))).count() < most:
        return None
    return _tomorrow(message, today + timedelta(days=1), most, house)


def _tomorrow(message: Message, day: date, most: int, house: HouseRules) -> Obstacle:
    again_at = at_time(day, house.send_window[0])
    if message.not_after is not None and again_at > message.not_after:
        return Obstacle(MessageState.MISSED, _("当天已达每人上限（%(most)d 条），不再补发") % {"most": most})
    return Obstacle(MessageState.PLANNED, again_at=again_at)


def _start(day: date) -> datetime:
    return at_time(day, datetime.min.time())
