"""What follows when a customer gets another keeper: promises and tickets go along, and the customer is told (X-25)."""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from crm.models import Contact, HandoverItem, Message, User
from crm.models.customer import CustomerStatus
from crm.models.handover import HandoverCause
from crm.models.message import Channel, MessageClass, MessageState
from crm.refusal import Refusal
from crm.selectors import house_rules
from crm.services import handovers, messages
from crm.services.runs import Outcome
from crm.time import local, local_date, send_window
from servicing.models import Commitment, Ticket
from servicing.selectors import standards
from servicing.selectors.held_work import OPEN_TICKETS
from servicing.services import commitments, tickets
from servicing.services.commitments import Proof
from tiers.models import Level, Scheme
from tiers.selectors import tier_of

KIND = "handover_notice"
LAW, COMPANY = "R-8", "X-25"
PROMISE_KINDS = ("handover_notice", "handover_notice_law")
LEGAL_CAUSES = (HandoverCause.LEAVING, HandoverCause.NEW_POST)
VIP_LEVELS = (Level.SILVER, Level.GOLD)
WAYS = {"phone": _("电话"), "visit": _("当面"), "wechat": _("微信"), "letter": _("信函")}


class NotANotice(Refusal):
    """The promise is not one to tell a customer of a new keeper."""


def follow(*, item: HandoverItem, by: User | None, now: datetime) -> None:
    """This function will move the former keeper's work at the customer and promise to tell the customer.

    Runs in the transaction of the hand-over. Doing it twice moves nothing more and promises nothing more.
    """
    handover = item.handover
    _move(item.former, item.taker, reason=handover.reason, by=by, now=now, item=item)
    _tell(item, by=by, now=now)


def move_rest(*, former: User, taker: User, reason: str, by: User | None, now: datetime) -> None:
    """This function will move what somebody holds at customers of others; a second time finds nothing."""
    _move(former, taker, reason=reason, by=by, now=now, item=None)


def _move(
    former: User,
    taker: User,
    *,
    reason: str,
    by: User | None,
    now: datetime,
    item: HandoverItem | None,
) -> None:
    at_customer = {"customer_id": item.customer_id} if item else {}
    branch = item.branch if item and item.branch_id != item.former_branch_id else None
    for ticket in Ticket.objects.filter(owner=former, state__in=OPEN_TICKETS, **at_customer):
        tickets.transfer(
            ticket=ticket, owner=taker, reason=reason, by=by or former, now=now, branch=branch, tell=False
        )
    for promise in Commitment.objects.running().filter(owner=former, **at_customer):
        commitments.transfer(commitment=promise, owner=taker, reason=reason, by=by, now=now, branch=branch)


def _tell(item: HandoverItem, *, by: User | None, now: datetime) -> None:
    """Open the promise to tell, and put the message into the outbox; without a phone somebody must call."""
    customer = item.customer
    tier = tier_of(customer, Scheme.GROUP_VIP, now)
    legal = item.handover.cause in LEGAL_CAUSES
    if customer.status != CustomerStatus.ACTIVE or not (legal or tier in VIP_LEVELS):
        return
    promise = commitments.open_clocked(
        customer=customer,
        standard=standards.in_force(LAW if legal else COMPANY, now),
        occasion=occasion_of(item),
        title=_("告知客户：客户经理由%(former)s改为%(taker)s")
        % {"former": item.former.name, "taker": item.taker.name},
        triggered_at=now,
        owner=item.taker,
        tier=tier,
        now=now,
        by=by,
    )
    contact = _reader(item)
    if contact is not None and item.notice_id is None:
        handovers.keep_notice(item=item, message=_post(item, contact, promise, now=now))


def occasion_of(item: HandoverItem) -> str:
    """This function will name the occasion under which telling the customer is promised."""
    return f"handover:{item.pk}"


def _reader(item: HandoverItem) -> Contact | None:
    """Who reads the message: the first person served at the customer who has a phone."""
    return item.customer.contacts.exclude(phone_sealed="").order_by("role", "slot").first()


def _post(item: HandoverItem, contact: Contact, promise: Commitment, *, now: datetime) -> Message:
    rules = house_rules.current().time_rules()
    starts = now if send_window.inside(now, rules) else send_window.next_opening(now, rules)
    context = {
        "contact": contact,
        "former": item.former.name,
        "keeper": item.taker.name,
        "left": item.handover.cause == HandoverCause.LEAVING,
        "day": local_date(now),
    }
    return messages.post(
        kind=KIND,
        message_class=MessageClass.SERVICE,
        channel=Channel.SMS,
        body=render_to_string("messages/handover/sms.txt", context).strip(),
        now=now,
        contact=contact,
        not_before=starts,
        not_after=promise.due_at,
        nudge=False,
    )


def file_result(*, message: Message, now: datetime) -> None:
    """This function will keep the promise when the provider took the message; twice is the same as once.

    A message that failed or was skipped leaves the promise open: somebody has to call the customer.
    """
    if message.kind != KIND or message.state not in (MessageState.ACCEPTED, MessageState.DELIVERED):
        return
    promise = _running_promise(message)
    if promise is not None:
        assert message.accepted_at is not None
        proof = Proof("message", message.serial, note=_("短信已受理"))
        at = max(message.accepted_at, promise.starts_at)
        commitments.fulfil(commitment=promise, at=at, by=None, proof=proof, now=now)


def _running_promise(message: Message) -> Commitment | None:
    item = HandoverItem.objects.filter(notice=message).first()
    if item is None:
        return None
    running = Commitment.objects.running().filter(customer_id=item.customer_id, kind__in=PROMISE_KINDS)
    return running.filter(occasion=occasion_of(item)).first()


def file_left_over(*, now: datetime) -> Outcome:
    """This function will file results that were not filed when they came, e.g. because a promise was locked."""
    told = Message.objects.filter(kind=KIND, state__in=(MessageState.ACCEPTED, MessageState.DELIVERED))
    waiting = Commitment.objects.running().filter(kind__in=PROMISE_KINDS).values("customer_id")
    done = 0
    for message in told.filter(customer_id__in=waiting).order_by("-pk")[:500]:
        if _running_promise(message) is not None:
            file_result(message=message, now=now)
            done += 1
    return Outcome(done=done)


@transaction.atomic
def note_told(*, commitment: Commitment, way: str, note: str, by: User, now: datetime) -> Commitment:
    """This function will note that somebody told the customer by phone or in person, which keeps the promise.

    A message that has not left yet is taken back, so that the customer is not told twice. Raises NotANotice,
    AlreadyClosed.
    """
    if commitment.kind not in PROMISE_KINDS or way not in WAYS:
        raise NotANotice(_("这项承诺不是告知客户新的客户经理，请在它自己的页面办理。"))
    proof = Proof("told", f"{WAYS[way]} {local(now):%Y-%m-%d %H:%M}", note=note)
    row = commitments.fulfil(commitment=commitment, at=now, by=by, proof=proof, now=now)
    item = HandoverItem.objects.filter(pk=row.occasion.removeprefix("handover:")).first()
    if item is not None and item.notice is not None:
        messages.settle(
            item.notice,
            to=MessageState.SKIPPED,
            reason=_("已由员工告知客户"),
            now=now,
            seen={"state": MessageState.PLANNED},
        )
    return row
