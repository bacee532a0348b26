"""Writes customers: recording, changing with a check that nobody else changed meanwhile, and the tier on show."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from crm import pinyin, privacy
from crm.models import Branch, Customer, LogEntry, User
from crm.models.customer import CustomerKind, CustomerStatus
from crm.refusal import Refusal
from crm.services import audit, handovers
from crm.signals import customer_status_changed


class CustomerNumberIsTaken(Refusal):
    """Another customer has the number."""


class RegistrationNumberIsWrong(Refusal):
    """The organisation code does not have 18 characters or fails its check digit, or stands at a person."""


class OwnerCannotSeeCustomer(Refusal):
    """Owner and team must work in the customer's branch or above it, else they could not open the customer."""


class ExtraLargeNeedsStart(Refusal):
    """An extra-large customer is one from a day on."""


class CustomerIsInUse(Refusal):
    """Other rows stand on the customer, so it cannot be put away."""


class CustomerChangedMeanwhile(Refusal):
    """Somebody else saved the customer after this person had opened it."""


class CustomerWasMerged(Refusal):
    """The customer is another name of the one it was merged into."""


class CustomerFields(TypedDict, total=False):
    """What may be said about a customer beside number, name, kind, branch and owner."""

    stage: str
    status: str
    registration_no: str
    extra_large: bool
    extra_large_from: date | None


class CustomerChanges(CustomerFields, total=False):
    """What may be changed."""

    name: str
    branch: Branch
    owner: User


def record_customer(
    *,
    name: str,
    kind: str,
    branch: Branch,
    owner: User,
    now: datetime,
    by: User | None,
    number: str = "",
    **fields: Unpack[CustomerFields],
) -> Customer:
    """This function will record a new customer; without a number of its own it gets the next one of ours.

    Raises CustomerNumberIsTaken, RegistrationNumberIsWrong, OwnerCannotSeeCustomer or ExtraLargeNeedsStart.
    """
    number = number.strip()
    if number and Customer.objects.filter(number=number).exists():
        raise CustomerNumberIsTaken(_("客户号 %(number)s 已存在，请核对。") % {"number": number})
    customer = Customer(name=name.strip(), kind=kind, branch=branch, owner=owner, created_at=now)
    for field, value in fields.items():
        setattr(customer, field, value)
    settle(customer, [owner])
    with transaction.atomic():
        customer.number = number or f"new:{uuid.uuid4().hex[:20]}"
        customer.save(force_insert=True)
        if not number:
            customer.number = f"JN{customer.pk:08d}"
            customer.save(update_fields=["number"])
        after = {"number": customer.number, "name": customer.shown_name, "branch": branch.code}
        audit.log(
            action="crm.customer.recorded",
            subject=customer,
            by=by,
            now=now,
            customer=customer,
            after={**after, "owner": owner.username},
        )
    return customer


def change_customer(
    *,
    customer: Customer,
    version: int,
    now: datetime,
    by: User | None,
    **changes: Unpack[CustomerChanges],
) -> Customer:
    """This function will save changes if the customer still has the version that was on the screen.

    Raises CustomerChangedMeanwhile and what recording raises. A change to the same values adds no log row.
    """
    fresh = Customer.objects.select_related("branch", "owner").get(pk=customer.pk)
    before = {field: getattr(fresh, field) for field in changes}
    for field, value in changes.items():
        setattr(fresh, field, value)
    settle(fresh, [fresh.owner, *fresh.team.select_related("branch")])
    changed = {field: getattr(fresh, field) for field in changes if getattr(fresh, field) != before[field]}
    if not changed:
        return fresh
    with transaction.atomic():
        values = {**changed, "name_initials": fresh.name_initials, "version": F("version") + 1}
        # the version is asked and raised in one statement, so of two people saving at once one is told
        if not Customer.objects.filter(pk=customer.pk, version=version).update(**values):
            raise CustomerChangedMeanwhile(_("别人刚刚保存过这位客户，请刷新后核对再改。"))
        fresh.refresh_from_db()
        audit.log(
            action="crm.customer.changed",
            subject=fresh,
            by=by,
            now=now,
            customer=fresh,
            before={field: told(customer, field, before[field]) for field in changed},
            after={field: told(customer, field, value) for field, value in changed.items()},
        )
        if "owner" in changed:
            handovers.note_change(
                customer=fresh, former=before["owner"], former_branch=customer.branch, by=by, now=now
            )
        if "status" in changed:
            customer_status_changed.send(
                sender=Customer, customer=fresh, former=before["status"], by=by, now=now
            )
    return fresh


def standing(customer: Customer, **along: Any) -> Customer:
    """This function will hold a customer's row while something is added to it, and refuse one that was merged.

    A merge waits for us and then moves what we added, or we wait for it and are told. Call it first in the
    transaction. What `along` names is read in the same statement. Raises CustomerWasMerged.
    """
    # nothing is joined: what a merge wrote while we waited is read from the row itself, not from an old join
    row = Customer.objects.select_for_update(no_key=True).annotate(**along).get(pk=customer.pk)
    if words := _merged_words(row):
        raise CustomerWasMerged(words)
    return row


def merged_among(pks: Iterable[int]) -> dict[int, str]:
    """This function will hold the rows of many customers as `standing` does one, and say of each merged one what it says."""
    # in the order in which merges and other imports take them
    held = Customer.objects.select_for_update(no_key=True).filter(pk__in=set(pks)).order_by("pk")
    return {row.pk: words for row in held if (words := _merged_words(row))}


def _merged_words(row: Customer) -> str:
    if row.merged_into is None:
        return ""
    return _("客户 %(number)s 已并入 %(into)s，请打开 %(into)s 再办理。") % {
        "number": row.number,
        "into": row.merged_into.number,
    }


def show_tier(*, customer: Customer, tier: str) -> None:
    """This function will put a tier on show in lists. Only the rank floor calls it; nothing decides by it."""
    Customer.objects.filter(pk=customer.pk).update(tier_shown=tier)
    customer.tier_shown = tier


def settle(customer: Customer, people: Iterable[User]) -> None:
    """This function will derive what follows from a customer's fields and refuse what cannot be true."""
    person = customer.kind == CustomerKind.PERSON
    customer.name_initials = (pinyin.person_initials if person else pinyin.initials)(customer.name)[:80]
    customer.registration_no = customer.registration_no.strip().upper()
    if customer.registration_no and (person or not uscc.is_valid(customer.registration_no)):
        raise RegistrationNumberIsWrong(_("统一社会信用代码应为单位的 18 位代码且校验位正确，请核对。"))
    if customer.extra_large and customer.extra_large_from is None:
        raise ExtraLargeNeedsStart(_("特大型客户须填写起始日。"))
    for someone in people:
        if not customer.branch.path.startswith(someone.branch.path):
            raise OwnerCannotSeeCustomer(
                _("%(name)s 不在该客户的机构或其上级机构，看不到这位客户，请另选。") % {"name": someone.name}
            )


def told(customer: Customer, field: str, value: Any) -> Any:
    """This function will write a field's value as the log keeps it; a person's name is masked."""
    if field == "name" and customer.kind == CustomerKind.PERSON:
        return privacy.mask_person(value)
    return plain(value)


def plain(value: Any) -> Any:
    """This function will write a value as plain JSON: people by staff number, branches by code."""
    if isinstance(value, User):
        return value.username
    if isinstance(value, Branch):
        return value.code
    return value.isoformat() if isinstance(value, date) else value


def withdraw(customer: Customer) -> None:
    """This function will put away a customer that an undone import made; the number is free again.

    Raises CustomerIsInUse where other rows stand on it: they must go first.
    """
    standing = sorted(
        {
            str(relation.related_model._meta.verbose_name)
            for relation in Customer._meta.related_objects
            if relation.related_model is not LogEntry and _stands_on(relation, customer)
        }
    )
    if standing:
        raise CustomerIsInUse(_("已有%(names)s") % {"names": "、".join(standing)})
    customer.number, customer.status = f"撤销-{customer.pk}", CustomerStatus.WITHDRAWN
    customer.name, customer.name_initials, customer.registration_no = str(_("已撤销的客户")), "", ""
    customer.version += 1
    customer.save(update_fields=["number", "status", "name", "name_initials", "registration_no", "version"])


def _stands_on(relation: Any, customer: Customer) -> bool:
    return bool(relation.related_model._base_manager.filter(**{relation.field.name: customer}).exists())
