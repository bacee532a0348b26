"""What providers report: that a message arrived or did not, or that a person answered. Each report counts once.

Reports may come twice, late and in any order; the outcome is the same: 已送达 is never taken back.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm import phones, privacy
from crm.models import Attempt, Contact, ProviderState, Receipt
from crm.models.sending import ReceiptStatus
from crm.refusal import Refusal
from crm.services import contacts, messages

MOST_EVENTS = 500
LENGTH = 80
# What a person answers who wants no more greetings; the case and what follows do not matter.
NO_MORE = ("R", "T", "TD", "退订", "拒收")


class ReceiptsNotUnderstood(Refusal):
    """The body is not a list of reports as docs/gateway.md describes it."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report as it came."""

    event: str
    status: str
    at: datetime
    serial: str = ""
    reference: str = ""
    detail: str = ""
    phone: str = ""


@dataclass(slots=True)
class Taken:
    """What a push of reports came to: new ones, ones that were known, and ones about serials nobody knows."""

    taken: int = 0
    known: int = 0
    unknown: int = 0


def read(body: bytes) -> list[Report]:
    """This function will read a push of reports; raises ReceiptsNotUnderstood, then none of them counts."""
    try:
        events = json.loads(body)["events"]
        if not isinstance(events, list) or len(events) > MOST_EVENTS:
            raise ValueError("events")
        return [_report(one) for one in events]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReceiptsNotUnderstood(_("回执内容不符合接口约定。")) from error


def _report(one: dict[str, Any]) -> Report:
    event, status, at = _text(one, "event"), ReceiptStatus(one["status"]), datetime.fromisoformat(one["at"])
    serial, phone = _text(one, "serial"), _text(one, "phone")
    told = _text(one, "text") if status == ReceiptStatus.REPLY else _text(one, "message")
    if not event or at.tzinfo is None or not (phone if status == ReceiptStatus.REPLY else serial):
        raise ValueError("incomplete")
    return Report(event, status, at, serial, _text(one, "reference"), told, phone)


def _text(one: dict[str, Any], key: str) -> str:
    value = one.get(key, "")
    if not isinstance(value, str) or len(value) > LENGTH or "\x00" in value:
        raise ValueError(key)
    return value


def take(*, provider: str, reports: list[Report], now: datetime) -> Taken:
    """This function will write the reports down and do what they mean, each in its own transaction, each once."""
    total = Taken()
    for report in reports:
        _take(provider, report, total, now=now)
    return total


@transaction.atomic
def _take(provider: str, report: Report, total: Taken, *, now: datetime) -> None:
    reply = report.status == ReceiptStatus.REPLY
    # a report speaks of a try: what was never handed to this provider is not its to report on
    tried = None if reply else _try_of(provider, report.serial)
    _row, new = Receipt.objects.get_or_create(
        provider=provider,
        event=report.event,
        defaults={
            "serial": report.serial,
            "message": tried.message if tried else None,
            "status": report.status,
            "at": report.at,
            "received_at": now,
            "detail": "" if reply else report.detail,
        },
    )
    if not new:
        total.known += 1
    elif reply:
        total.taken += 1
        _answered(report, now=now)
    elif tried is None:
        total.unknown += 1
        _count(provider, "unknown_receipts")
    else:
        total.taken += 1
        _apply(tried, report, provider, now=now)


def _try_of(provider: str, serial: str) -> Attempt | None:
    tries = Attempt.objects.filter(provider=provider, serial=serial).select_related("message")
    return tries.order_by("pk").first()


def _apply(tried: Attempt, report: Report, provider: str, *, now: datetime) -> None:
    message = tried.message
    at = min(max(report.at, tried.started_at), now)  # neither before it left nor ahead of us
    if report.status == ReceiptStatus.DELIVERED:
        messages.deliver(message, reference=report.reference, provider=provider, at=at, now=now)
    elif report.status == ReceiptStatus.FAILED and tried.serial == message.serial:
        reason = report.detail or _("服务商报告未送达")
        messages.give_up(message, reason=reason, provider=provider, at=at, now=now)


def _answered(report: Report, *, now: datetime) -> None:
    """A person who wants no more greetings is opted out at every customer, at once."""
    if not report.detail.strip().upper().startswith(NO_MORE):
        return
    try:
        index = privacy.phone_index(phones.mobile(report.phone))
    except Refusal:
        return
    for contact in Contact.objects.filter(phone_index=index).select_related("customer").order_by("pk"):
        contacts.opt_out(contact=contact, reason=_("短信回复退订"), by=None, now=now)


def forged(*, provider: str) -> None:
    """This function will count a push that the provider did not sign."""
    _count(provider, "forged_receipts")


def _count(provider: str, field: str) -> None:
    ProviderState.objects.get_or_create(name=provider)
    ProviderState.objects.filter(name=provider).update(**{field: F(field) + 1})
