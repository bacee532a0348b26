"""How a ticket comes in and its clocks start: which promise applies, from which moment."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm import phones
from crm.models import Contact, Customer, Policy, User
from crm.privacy import mask_phone, phone_index
from crm.refusal import Refusal
from crm.services import customers
from crm.time import local_date
from servicing.clocks import ClockChoice, choose_clock
from servicing.models import Commitment, Ticket
from servicing.models.ticket import ChangeType, EntryKind, TicketKind
from servicing.selectors import standards
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services import commitments
from servicing.services.tickets import thread, waiting
from tiers.models import Level, Scheme
from tiers.selectors import tier_of


class ReceivedInFuture(Refusal):
    """The ticket would have been received after now."""


class SubjectMissing(Refusal):
    """A ticket must say in a line what it is about."""


class ChangeUnnamed(Refusal):
    """A policy change must say what is changed: its limit depends on it (rulebook PA-17.2)."""


class NotTheirs(Refusal):
    """The person or the policy belongs to another customer."""


@transaction.atomic
def open_ticket(
    *,
    customer: Customer,
    kind: str,
    channel: str,
    subject: str,
    received_at: datetime,
    by: User,
    now: datetime,
    body: str = "",
    owner: User | None = None,
    change_type: str = "",
    contact: Contact | None = None,
    policy: Policy | None = None,
    papers_complete: bool = True,
    caller: str = "",
) -> Ticket:
    """This function will take in a request and open the promises that `choose_clock` names for it.

    The tier on the day of receipt decides (rulebook X-15). Issue requests, and a VIP's policy change, have
    no running clock until their papers are complete (PA-17.1, PA-18.1.3); an ordinary change with papers
    missing runs and is paused (PA-17.2), unless it is overdue when it is written down. Raises
    ReceivedInFuture, SubjectMissing, ChangeUnnamed, NotTheirs, CannotTakeOver.
    """
    if kind == TicketKind.CHANGE and change_type not in ChangeType.values:
        raise ChangeUnnamed(_("保全变更请选明变更内容，时限随变更内容而定。"))
    customers.standing(customer)
    _check(customer, subject, received_at, contact, policy, now)
    if owner is not None:
        commitments.check_taker(owner)
    terms = selector.in_force()
    tier = tier_of(customer, Scheme.GROUP_VIP, local_date(received_at))
    row = Ticket(
        number=_number(received_at),
        kind=kind,
        change_type=change_type if kind == TicketKind.CHANGE else "",
        channel=channel,
        customer=customer,
        contact=contact,
        policy=policy,
        branch=customer.branch,
        owner=owner or by,
        subject=subject.strip()[:80],
        body=body.strip(),
        caller_masked=mask_phone(phones.normalise(caller)) if caller else "",
        caller_index=phone_index(phones.normalise(caller)) if caller else "",
        vip_marked=tier in (Level.SILVER, Level.GOLD),
        tier=tier,
        received_at=received_at.replace(microsecond=0),
        papers_complete_at=received_at.replace(microsecond=0) if papers_complete else None,
    )
    if papers_complete or not starts_when_complete(row, terms):
        start_clocks(row, at=row.received_at, by=by, now=now, terms=terms)
    row.save(force_insert=True)
    thread.write(row, EntryKind.ACT, _("受理登记"), by=by, now=now)
    if not papers_complete and row.promise and not commitments.is_late(row.promise, now):
        waiting.pause(ticket=row, reason="papers", note=_("受理时资料不齐"), by=by, now=now)
        row = thread.taken(row, None)
    thread.log(row, "opened", by=by, now=now, kind=kind, tier=tier)
    return row


@transaction.atomic
def complete_papers(
    *, ticket: Ticket, by: User, now: datetime, version: int | None = None, approver: User | None = None
) -> Ticket:
    """This function will note that the papers are complete now, which starts the clock that waited for them.

    A clock that was paused meanwhile runs on; raises PauseNeedsApprover after a long pause without approver.
    """
    row = thread.taken(ticket, version)
    if row.papers_complete_at is not None:
        raise AlreadyComplete(_("资料已经登记为齐备。"))
    paused = row.promise is not None
    thread.change(row, "complete_papers", papers_complete_at=now.replace(microsecond=0))
    thread.write(row, EntryKind.ACT, _("资料齐备"), by=by, now=now)
    row.missing_papers.filter(received_at__isnull=True).update(received_at=now)
    if paused:
        waiting.resume_clocks(row, by=by, now=now, approver=approver)
    else:
        start_clocks(row, at=now, by=by, now=now, terms=selector.in_force())
        Ticket.objects.filter(pk=row.pk).update(promise=row.promise, ceiling=row.ceiling)
    thread.log(row, "papers_completed", by=by, now=now)
    return row


class AlreadyComplete(Refusal):
    """The papers were complete before."""


def clocks_of(row: Ticket, terms: Terms) -> ClockChoice:
    """This function will say which company promise and which legal ceiling the ticket gets; either may be none."""
    since = row.customer.extra_large_from
    extra_large = row.customer.extra_large and since is not None and since <= local_date(row.received_at)
    return choose_clock(
        kind=row.kind,
        change_type=row.change_type,
        tier=row.tier,
        extra_large=extra_large,
        simple_change_types=terms.rules.simple_change_types,
    )


def starts_when_complete(row: Ticket, terms: Terms) -> bool:
    """This function will say whether the clock waits for complete papers instead of running from receipt."""
    simple = row.change_type in terms.rules.simple_change_types
    return row.kind == TicketKind.ISSUE or (
        row.kind == TicketKind.CHANGE and row.tier != Level.ORDINARY and not simple
    )


def start_clocks(row: Ticket, *, at: datetime, by: User, now: datetime, terms: Terms) -> None:
    """This function will open the promises of the ticket from the instant `at`; the caller saves the ticket."""
    choice = clocks_of(row, terms)
    row.ceiling = _open(row, choice.ceiling, at=at, by=by, now=now, terms=terms)
    row.promise = _open(row, choice.company, at=at, by=by, now=now, terms=terms)


def _open(
    row: Ticket, code: str | None, *, at: datetime, by: User, now: datetime, terms: Terms
) -> Commitment | None:
    if code is None:
        return None
    standard = standards.in_force(code, at)
    return commitments.open_clocked(
        customer=row.customer,
        standard=standard,
        occasion=f"ticket:{row.number}",
        title=f"{standard.name}：{row.subject}",
        triggered_at=at,
        owner=row.owner,
        tier=row.tier,
        policy=row.policy,
        branch=row.branch,
        channel=row.channel,
        by=by,
        now=now,
        terms=terms,
    )


def _check(
    customer: Customer,
    subject: str,
    received_at: datetime,
    contact: Contact | None,
    policy: Policy | None,
    now: datetime,
) -> None:
    if not subject.strip():
        raise SubjectMissing(_("请用一句话写明客户要办什么。"))
    if received_at > now:
        raise ReceivedInFuture(_("受理时间不能晚于现在，请改为实际受理的时间。"))
    if (contact and contact.customer_id != customer.pk) or (policy and policy.customer_id != customer.pk):
        raise NotTheirs(_("所选的联系人或保单不属于这位客户，请重新选择。"))


def _number(received_at: datetime) -> str:
    while True:
        number = f"GD{local_date(received_at):%y%m%d}-{secrets.randbelow(100_000):05d}"
        if not Ticket.objects.filter(number=number).exists():
            return number
