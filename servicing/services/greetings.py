"""Birthday greetings of VIP customers: laid out ahead, opened when their hour comes, kept when the provider took them."""

import logging
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.models import Contact, Message, Occurrence, User
from crm.models.customer import CustomerStatus
from crm.models.job import OccurrenceState
from crm.models.message import Channel, MessageClass, MessageState
from crm.selectors import consents, house_rules
from crm.services import messages, occurrences
from crm.services.runs import Outcome
from crm.time import local_date
from crm.time.birthdays import Birthday
from servicing.models import Commitment, Evidence
from servicing.models.commitment import CancelKind, State
from servicing.planners import birthdays
from servicing.planners.birthdays import KIND, Person
from servicing.selectors import standards
from servicing.services import commitments
from servicing.services.commitments import Proof
from tiers.models import Level, Scheme
from tiers.selectors import tier_of

logger = logging.getLogger(__name__)

STANDARD = "PA-18.2.7"
VIP_LEVELS = (Level.SILVER, Level.GOLD)


def plan_day(*, day: date) -> Outcome:
    """This function will lay out the greetings that leave on a day, of customers who are VIP on that day.

    Doing a day twice is the same as once. Consent and opt-out are not asked here: they may change until the
    hour comes, and whoever gets no greeting is shown with the reason.
    """
    rules = house_rules.current().time_rules()
    event = birthdays.birthday_greeted_on(day, rules)
    planned = birthdays.greetings(event, _people(event, on=day), rules)
    return Outcome(done=occurrences.lay_out(planned))


def _people(event: date, *, on: date) -> list[Person]:
    wanted = Q()
    for calendar, month, number in birthdays.candidates(event):
        wanted |= Q(birthday_calendar=calendar, birth_month=month, birth_day=number)
    held = Q(customer__assignments__active_to__isnull=True) | Q(customer__assignments__active_to__gt=on)
    vip = Contact.objects.filter(wanted, customer__status=CustomerStatus.ACTIVE).filter(
        held,
        customer__assignments__scheme=Scheme.GROUP_VIP,
        customer__assignments__level__in=VIP_LEVELS,
        customer__assignments__active_from__lte=on,
    )
    return [Person(contact.pk, contact.customer_id, birthday_of(contact)) for contact in vip.order_by("pk")]


def birthday_of(contact: Contact) -> Birthday:
    """This function will read the birthday of a person who has one."""
    month, day = contact.birth_month, contact.birth_day
    assert month is not None and day is not None  # the row was asked for by them
    if contact.birthday_calendar == "lunar":
        return Birthday.lunar(month, day, contact.birth_leap_month)
    return Birthday.solar(month, day)


def open_due(*, clock: Callable[[], datetime], limit: int = 500) -> Outcome:
    """This function will settle the greetings whose hour has come, each in its own transaction.

    One that may go opens its promise and puts its message into the outbox; the others get their reason. A row
    that fails is logged and pushed one hour ahead. The caller nudges the delivery.
    """
    done = failed = 0
    ids = occurrences.due(kind=KIND, now=clock(), limit=limit)
    for pk in ids:
        try:
            done += open_one(pk, now=clock())
        except Exception:
            failed += 1
            logger.exception("the greeting of occurrence %d failed, it is pushed one hour ahead", pk)
            occurrences.push(pk, now=clock())
    _tell_of_missed(ids, now=clock())
    return Outcome(done=done, failed=failed, left=len(ids) == limit)


def _tell_of_missed(ids: list[int], *, now: datetime) -> None:
    """One notice to each keeper of VIP customers whose greetings this run has found missed: care is still owed."""
    missed = Occurrence.objects.filter(pk__in=ids, state=OccurrenceState.MISSED)
    days: dict[int, list[int]] = {}
    for one in missed.select_related("customer"):
        if one.customer is not None:
            days.setdefault(one.customer.owner_id, []).append(
                (local_date(now) - local_date(one.ends_at)).days
            )
    for owner in User.objects.filter(pk__in=days, is_active=True):
        late = days[owner.pk]
        words = _("有 %(count)d 位贵宾客户的生日祝福没有按时发出（最多迟 %(days)d 天），请尽快补关怀。")
        messages.notify(
            users=[owner],
            kind="greeting_missed",
            body=words % {"count": len(late), "days": max(late)},
            link="/messages/unsent/",
            now=now,
            nudge=False,
        )


@transaction.atomic
def open_one(pk: int, *, now: datetime) -> bool:
    """This function will settle one greeting; False means that another worker did. All or nothing."""
    occurrence = Occurrence.objects.select_related(
        "contact__customer__owner", "contact__customer__branch"
    ).get(pk=pk)
    contact = occurrence.contact
    assert contact is not None  # greetings are planned for persons
    tier = tier_of(contact.customer, Scheme.GROUP_VIP, occurrence.starts_at)
    reason = why_not(contact, tier)
    if reason:
        return occurrences.settle(occurrence=occurrence, to=OccurrenceState.SKIPPED, reason=reason, now=now)
    late = now > occurrence.ends_at
    won = occurrences.settle(
        occurrence=occurrence,
        to=OccurrenceState.MISSED if late else OccurrenceState.SENT,
        reason=occurrences.why_missed(occurrence) if late else "",
        now=now,
    )
    if won:
        # A missed greeting was promised too: it stands as broken on the keeper's worklist.
        _promise(occurrence, contact, tier, now=now)
        if not late:
            _post(occurrence, contact, now=now)
    return won


def why_not(contact: Contact, tier: str) -> str:
    """This function will say why a person gets no greeting, or nothing if nothing stands in the way."""
    if contact.customer.status != CustomerStatus.ACTIVE:
        return _("客户已%(status)s") % {"status": contact.customer.get_status_display().removeprefix("已")}
    if tier not in VIP_LEVELS:
        return _("当日不是银牌或金牌")
    if reason := consents.why_not(contact, Channel.SMS):
        return reason
    return "" if contact.phone_sealed else _("无手机号")


def _promise(occurrence: Occurrence, contact: Contact, tier: str, *, now: datetime) -> Commitment:
    return commitments.open_windowed(
        customer=contact.customer,
        standard=standards.in_force(STANDARD, occurrence.starts_at),
        occasion=occasion_of(occurrence),
        title=_("生日祝福短信（%(day)s）") % {"day": f"{occurrence.occasion_date:%m-%d}"},
        starts_at=occurrence.starts_at,
        due_at=occurrence.ends_at,
        owner=contact.customer.owner,
        tier=tier,
        now=now,
    )


def _post(occurrence: Occurrence, contact: Contact, *, now: datetime) -> Message:
    ahead = (occurrence.occasion_date - local_date(occurrence.starts_at)).days
    context = {
        "contact": contact,
        "keeper": contact.customer.owner.name,
        "when": _("明天")
        if ahead == 1
        else f"{occurrence.occasion_date.month}月{occurrence.occasion_date.day}日",
    }
    return messages.post(
        kind=KIND,
        message_class=MessageClass.MARKETING,
        channel=Channel.SMS,
        body=render_to_string("messages/birthday/sms.txt", context).strip(),
        now=now,
        contact=contact,
        occurrence=occurrence,
        not_before=occurrence.starts_at,
        not_after=occurrence.ends_at,
        nudge=False,
    )


def occasion_of(occurrence: Occurrence) -> str:
    """This function will name the occasion under which the greeting was promised."""
    return f"birthday:{occurrence.contact_id}:{occurrence.occasion_date}"


def file_result(*, message: Message, now: datetime) -> None:
    """This function will close the promise of a greeting by what became of its message; doing so twice is once.

    Accepted: kept, and the message is the evidence. Skipped because the person took the consent back: withdrawn.
    Missed or failed: the promise stays open, and the sweep marks it broken at its due time. Failed after it had been
    accepted: the evidence no longer stands, and the promise counts as unproven until another does (X-20).
    """
    promise = _promise_of(message)
    if promise is None:
        return
    if promise.state not in (State.OPEN, State.PAUSED):
        _prove_again(promise, message, now=now)
    elif message.state in (MessageState.ACCEPTED, MessageState.DELIVERED):
        assert message.accepted_at is not None
        commitments.fulfil(
            commitment=promise, at=message.accepted_at, by=None, proof=_proof(message), now=now
        )
    elif message.state == MessageState.SKIPPED:
        commitments.cancel(
            commitment=promise, kind=CancelKind.BASELESS, reason=message.reason, by=None, now=now
        )


def _proof(message: Message) -> Proof:
    return Proof("message", message.serial, note=_("短信已受理"))


def _prove_again(promise: Commitment, message: Message, *, now: datetime) -> None:
    """What a provider reports after the promise was closed takes its evidence away, or brings another."""
    if promise.state != State.FULFILLED:
        return
    if message.state == MessageState.FAILED:
        commitments.lose_evidence(
            commitment=promise, proof=_proof(message), reason=message.reason, at=now, now=now
        )
        return
    at = message.delivered_at or message.accepted_at
    if message.state == MessageState.DELIVERED and at is not None:
        proof = Proof("receipt", message.serial, note=_("服务商报告已送达"))
        commitments.add_evidence(commitment=promise, proof=proof, by=None, at=at, now=now)
    elif message.state == MessageState.ACCEPTED and at is not None:
        commitments.add_evidence(commitment=promise, proof=_proof(message), by=None, at=at, now=now)


def _promise_of(message: Message) -> Commitment | None:
    if message.kind != KIND or message.occurrence is None or message.customer_id is None:
        return None
    promises = Commitment.objects.filter(
        customer_id=message.customer_id, kind=KIND, occasion=occasion_of(message.occurrence)
    )
    return promises.first()


def file_left_over(*, now: datetime) -> Outcome:
    """This function will file results that were not filed when they came, e.g. because a promise was locked."""
    settled = Message.objects.filter(
        kind=KIND, state__in=(MessageState.ACCEPTED, MessageState.DELIVERED, MessageState.SKIPPED)
    ).select_related("occurrence")
    open_occasions = Commitment.objects.running().filter(kind=KIND).values("customer_id")
    done = 0
    for message in settled.filter(customer_id__in=open_occasions).order_by("-pk")[:500]:
        promise = _promise_of(message)
        if promise is not None and promise.state in (State.OPEN, State.PAUSED):
            file_result(message=message, now=now)
            done += 1
    failed = Message.objects.filter(kind=KIND, state=MessageState.FAILED, accepted_at__isnull=False)
    unfiled = Evidence.objects.filter(kind="message", lost__isnull=True, commitment__kind=KIND)
    for message in failed.filter(serial__in=unfiled.values("reference")).select_related("occurrence")[:500]:
        file_result(message=message, now=now)
        done += 1
    return Outcome(done=done)
