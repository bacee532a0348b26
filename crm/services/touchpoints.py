"""Writes what passed between the house and a customer, and corrects it so that the former wording stays in the log."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Contact, Customer, Touchpoint, User
from crm.refusal import Refusal
from crm.selectors.touchpoints import is_own, may_correct
from crm.services import audit, customers, stamps

MIN_REASON = 2


class HappensInFuture(Refusal):
    """A touchpoint has happened."""


class SummaryMissing(Refusal):
    """A touchpoint says what passed."""


class ContactOfAnother(Refusal):
    """The person named is served at another customer."""


class NotYoursToCorrect(Refusal):
    """Its writer corrects it within a day; after that, and for others, a manager does."""


class CorrectionNeedsReason(Refusal):
    """Who corrects the words of somebody else, or old ones, says why."""


class TouchpointChangedMeanwhile(Refusal):
    """Somebody else corrected it after this person had opened the form."""


class TouchpointFields(TypedDict):
    """What is said about a touchpoint."""

    kind: str
    direction: str
    contact: Contact | None
    happened_at: datetime
    summary: str
    outcome: str


def record(*, customer: Customer, by: User, now: datetime, **fields: Unpack[TouchpointFields]) -> Touchpoint:
    """This function will write down one contact with a customer.

    Raises NotAllowed, HappensInFuture, SummaryMissing or ContactOfAnother.
    """
    rights.require(by, "touchpoint_record")
    row = Touchpoint(customer=customer, by=by, recorded_at=now)
    _fill(row, dict(fields), now)
    with transaction.atomic():
        customers.standing(customer)
        row.save(force_insert=True)
        audit.log(
            action="crm.touchpoint.recorded",
            subject=row,
            by=by,
            now=now,
            customer=customer,
            after=_told(row, tuple(fields)),
        )
    return row


def correct(
    *,
    touchpoint: Touchpoint,
    by: User,
    now: datetime,
    seen: str,
    reason: str = "",
    **fields: Unpack[TouchpointFields],
) -> Touchpoint:
    """This function will correct a touchpoint; the log keeps what it said. The same words again change nothing.

    Raises NotYoursToCorrect, CorrectionNeedsReason, TouchpointChangedMeanwhile, and what recording raises.
    """
    with transaction.atomic():
        rows = Touchpoint.objects.select_for_update().prefetch_related("customer", "by")
        row = rows.get(pk=touchpoint.pk)
        if not may_correct(by, row, now):
            raise NotYoursToCorrect(
                _("记录满 24 小时后，或不是自己写的，由机构管理者更正，请联系他们并说明理由。")
            )
        if not is_own(by, row, now) and len(reason.strip()) < MIN_REASON:
            raise CorrectionNeedsReason(_("请写明更正的理由，原来的写法会保留在变更记录里。"))
        if seen != stamps.of(row):
            raise TouchpointChangedMeanwhile(_("别人刚刚更正过这条记录，请核对现在的内容后再保存。"))
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        if not changed:
            return row
        before = _told(row, changed)
        _fill(row, dict(fields), now)
        row.corrected_at = now
        row.save(update_fields=[*changed, "corrected_at"])
        audit.log(
            action="crm.touchpoint.corrected",
            subject=row,
            by=by,
            now=now,
            customer=row.customer,
            before=before,
            after=_told(row, changed),
            reason=reason.strip(),
        )
    return row


def _fill(row: Touchpoint, fields: dict[str, Any], now: datetime) -> None:
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    if not row.summary:
        raise SummaryMissing(_("请用一句话写明说了什么。"))
    if row.happened_at > now:
        raise HappensInFuture(_("发生时间不能晚于现在；还没发生的请登记为工单或计划。"))
    if row.contact is not None and row.contact.customer_id != row.customer_id:
        raise ContactOfAnother(_("这位服务对象不是该客户的，请重新选择。"))


def _told(row: Touchpoint, names: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """This function will write fields as the log keeps them; a person only by the mask."""
    told: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        if isinstance(value, Contact):
            value = value.shown_name
        told[name] = value.isoformat() if isinstance(value, datetime) else value
    return told
