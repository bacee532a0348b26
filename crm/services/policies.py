"""Writes policies, as far as service promises need them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Customer, Policy, User
from crm.refusal import Refusal
from crm.services import audit, customers, stamps


class PolicyNumberIsTaken(Refusal):
    """Another policy has the number."""


class CoverEndsBeforeItBegins(Refusal):
    """The last day of cover lies before the effective date."""


class PremiumIsNegative(Refusal):
    """Premiums are zero or more."""


class PolicyChangedMeanwhile(Refusal):
    """Somebody else saved the policy after this person had opened the form."""


class PolicyFields(TypedDict, total=False):
    """What may be said about a policy beside its number and customer; premiums are whole fen."""

    product: str
    line: str
    long_term: bool
    premium_fen: int
    frequency: str
    pay_years: int | None
    effective_date: date
    delivered_date: date | None
    ends_date: date | None
    status: str


def record_policy(
    *, customer: Customer, number: str, by: User | None, now: datetime, **fields: Unpack[PolicyFields]
) -> Policy:
    """This function will record a policy of a customer.

    Raises PolicyNumberIsTaken, CoverEndsBeforeItBegins or PremiumIsNegative.
    """
    number = number.strip()
    if Policy.objects.filter(number=number).exists():
        raise PolicyNumberIsTaken(_("保单号 %(number)s 已存在，请核对。") % {"number": number})
    policy = Policy(customer=customer, number=number, **fields)
    check(policy)
    with transaction.atomic():
        customers.standing(customer)
        policy.save(force_insert=True)
        audit.log(
            action="crm.policy.recorded",
            subject=policy,
            by=by,
            now=now,
            customer=customer,
            after={"number": number, **plain(policy, fields)},
        )
    return policy


def change_policy(
    *, policy: Policy, by: User | None, now: datetime, seen: str = "", **fields: Unpack[PolicyFields]
) -> Policy:
    """This function will change a policy's facts; the same values again change nothing and add no log row.

    `seen` is the stamp of the row that was on the screen. Raises PolicyChangedMeanwhile where the row has
    another by now, and what recording raises.
    """
    with transaction.atomic():
        row = Policy.objects.select_for_update().prefetch_related("customer").get(pk=policy.pk)
        if seen and seen != stamps.of(row):
            raise PolicyChangedMeanwhile(_("别人刚刚修改过这张保单，请核对现在的内容后再保存。"))
        changed = {field: value for field, value in fields.items() if getattr(row, field) != value}
        if not changed:
            return row
        before = plain(row, changed)
        for field, value in changed.items():
            setattr(row, field, value)
        check(row)
        row.save(update_fields=list(changed))
        audit.log(
            action="crm.policy.changed",
            subject=row,
            by=by,
            now=now,
            customer=row.customer,
            before=before,
            after=plain(row, changed),
        )
    return row


def check(policy: Policy) -> None:
    """This function will refuse a policy that cannot be true, for one that is saved here or by the import."""
    if policy.premium_fen < 0:
        raise PremiumIsNegative(_("保费不能小于零，请核对。"))
    if policy.ends_date and policy.ends_date < policy.effective_date:
        raise CoverEndsBeforeItBegins(_("保障末日早于生效日，请核对两个日期。"))


def plain(policy: Policy, fields: Iterable[str]) -> dict[str, str | int | bool | None]:
    """This function will write fields of a policy as the log keeps them."""
    values = {field: getattr(policy, field) for field in fields}
    return {field: value.isoformat() if isinstance(value, date) else value for field, value in values.items()}
