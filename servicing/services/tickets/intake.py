"""How a ticket comes in and its clocks start: which promise applies, from which moment."""

import secrets
from contextlib import suppress
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from crm import bulk, phones
from crm.models import Contact, Customer, Policy, User
from crm.privacy import mask_phone, phone_index
from crm.refusal import Refusal
from crm.services import customers
from crm.time import local_date
from servicing.clocks import ClockChoice, choose_clock
from servicing.models import Ticket
from servicing.models.ticket import ChangeType, EntryKind, TicketKind
from servicing.selectors import standards
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services import commitments
from servicing.services.tickets import thread, waiting
from tiers.models import Level, Scheme
from tiers.selectors import level_held

NUMBERS_A_DAY = 100_000


class ReceivedInFuture(Refusal):
    """The ticket would have been received after now."""


class SubjectMissing(Refusal):
    """A ticket must say in a line what it is about."""


class ChangeUnnamed(Refusal):
    """A policy change must say what is changed: its limit depends on it (rulebook PA-17.2)."""


class NotTheirs(Refusal):
    """The person or the policy belongs to another customer."""


class Request(TypedDict, total=False):
    """What a request may say beside what it must."""

    body: str
    owner: User | None
    change_type: str
    contact: Contact | None
    policy: Policy | None
    papers_complete: bool
    caller: str


def open_ticket(
    *,
    customer: Customer,
    kind: str,
    channel: str,
    subject: str,
    received_at: datetime,
    by: User,
    now: datetime,
    terms: Terms | None = None,
    **more: Unpack[Request],
) -> Ticket:
    """This function will take in a request and open the promises that `choose_clock` names for it.

    The tier on the day of receipt decides (rulebook X-15). Issue requests, and a VIP's policy change, have
    no running clock until their papers are complete (PA-17.1, PA-18.1.3); an ordinary change with papers
    missing runs and is paused (PA-17.2), unless it is overdue when it is written down. `terms` is for callers
    that have read them already. Raises ReceivedInFuture, SubjectMissing, ChangeUnnamed, NotTheirs, CannotTakeOver.
    """
    if kind == TicketKind.CHANGE and more.get("change_type") not in ChangeType.values:
        raise ChangeUnnamed(_("保全变更请选明变更内容，时限随变更内容而定。"))
    _check(customer, subject, received_at, more.get("contact"), more.get("policy"), now)
    if owner := more.get("owner"):
        commitments.check_taker(owner)
    while True:
        row = _draft(customer, kind, channel, subject, received_at, by, more)
        with suppress(_NumberTaken), transaction.atomic():
            return _take_in(row, more.get("papers_complete", True), by=by, now=now, terms=terms)


def _draft(
    customer: Customer,
    kind: str,
    channel: str,
    subject: str,
    received_at: datetime,
    by: User,
    more: Request,
) -> Ticket:
    caller = phones.normalise(more["caller"]) if more.get("caller") else ""
    at = received_at.replace(microsecond=0)
    return Ticket(
        number=_number(received_at),
        kind=kind,
        change_type=more.get("change_type", "") if kind == TicketKind.CHANGE else "",
        channel=channel,
        customer=customer,
        contact=more.get("contact"),
        policy=more.get("policy"),
        branch=customer.branch,
        owner=more.get("owner") or by,
        subject=subject.strip()[:80],
        body=more.get("body", "").strip(),
        caller_masked=mask_phone(caller) if caller else "",
        caller_index=phone_index(caller) if caller else "",
        received_at=at,
        papers_complete_at=at if more.get("papers_complete", True) else None,
    )


def _take_in(row: Ticket, complete: bool, *, by: User, now: datetime, terms: Terms | None) -> Ticket:
    day = local_date(row.received_at)
    held = customers.standing(row.customer, level=level_held(Scheme.GROUP_VIP, day))
    row.tier = held.level  # type: ignore[attr-defined]  # read along
    row.vip_marked = row.tier in (Level.SILVER, Level.GOLD)
    terms = terms or selector.in_force()
    if complete or not starts_when_complete(row, terms):
        start_clocks(row, at=row.received_at, by=by, now=now, terms=terms)
    if not bulk.insert_new([row], by="number"):
        raise _NumberTaken
    thread.write(row, EntryKind.ACT, _("受理登记"), by=by, now=now)
    if not complete and row.promise and not commitments.is_late(row.promise, now):
        waiting.pause(ticket=row, reason="papers", note=_("受理时资料不齐"), by=by, now=now)
        row = thread.taken(row, None)
    thread.log(row, "opened", by=by, now=now, kind=row.kind, tier=row.tier)
    return row


class _NumberTaken(Exception):
    """The number that was drawn belongs to another ticket; another one is drawn, and everything done again."""


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
    known = standards.all_in_force([one for one in (choice.ceiling, choice.company) if one], at)
    opened = commitments.open_together(
        customer=row.customer,
        standards=list(known.values()),
        occasion=f"ticket:{row.number}",
        about=row.subject,
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
    by_code = dict(zip(known, opened, strict=True))
    row.ceiling = by_code[choice.ceiling] if choice.ceiling else None
    row.promise = by_code[choice.company] if choice.company else None


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
    return f"GD{local_date(received_at):%y%m%d}-{secrets.randbelow(NUMBERS_A_DAY):05d}"
