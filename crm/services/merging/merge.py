"""Makes two customer rows one: the survivor keeps everything, the other stays as a pointer to it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Contact, Customer, CustomerMerge, LogEntry, MergeStep, User
from crm.models.customer import ContactRole, CustomerKind, CustomerStatus
from crm.refusal import Refusal
from crm.selectors.merging import CHOICES, moving_relations
from crm.services import audit, contacts, customers
from crm.services.merging.steps import Steps
from crm.signals import customer_merged

MIN_REASON = 2
SLOT_BESIDE = 2


class CannotBeMerged(Refusal):
    """The two are one row, of two kinds, out of reach, or merged already."""


class MergeNeedsReason(Refusal):
    """A merge says why the two are one."""


class MergedMeanwhile(Refusal):
    """One of the two was saved or merged by somebody else since they were compared."""


def merge(
    *,
    survivor: Customer,
    merged: Customer,
    versions: tuple[int, int],
    taken_over: Collection[str],
    reason: str,
    by: User,
    now: datetime,
) -> CustomerMerge:
    """This function will merge `merged` into `survivor`, as they were compared under `versions`.

    `taken_over` names the fields (of `CHOICES`) that the survivor takes from the other; `self` takes the
    person's own data. Raises NotAllowed, CannotBeMerged, MergeNeedsReason, MergedMeanwhile, and what changing
    a customer raises.
    """
    rights.require(by, "customer_merge")
    if len(reason.strip()) < MIN_REASON:
        raise MergeNeedsReason(_("请写明为什么是同一位客户，例如“证件号相同，重复开户”。"))
    with transaction.atomic():
        survivor, merged = _held(survivor.pk, merged.pk)
        _check(survivor, merged, versions, by)
        row = CustomerMerge.objects.create(
            survivor=survivor, merged=merged, reason=reason.strip()[:200], by=by, merged_at=now
        )
        steps = Steps(row)
        _take_over(steps, survivor, merged, taken_over)
        _move_contacts(steps, survivor, merged, swap="self" in taken_over)
        customer_merged.send(
            sender=CustomerMerge, survivor=survivor, merged=merged, steps=steps, by=by, now=now
        )
        _move_the_rest(steps, survivor, merged)
        _point(steps, survivor, merged)
        row.notes = steps.notes
        row.save(update_fields=["notes"])
        _log(row, survivor, merged, by, now)
    return row


def _held(*pks: int) -> tuple[Customer, Customer]:
    """This function will lock both rows, always in the same order, so that two merges cannot wait for each other.

    Who adds something to one of the two waits for us, or we for them and then move it too.
    """
    rows = Customer.objects.select_for_update(no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=pks)}
    return found[pks[0]], found[pks[-1]]


def _check(survivor: Customer, merged: Customer, versions: tuple[int, int], by: User) -> None:
    if survivor.pk == merged.pk:
        raise CannotBeMerged(_("这是同一条记录，请选择另一位客户。"))
    for one in (survivor, merged):
        if one.merged_into_id:
            raise MergedMeanwhile(_("客户 %(number)s 刚刚已被合并，请刷新后核对。") % {"number": one.number})
        if not one.branch.path.startswith(by.branch.path):
            raise CannotBeMerged(_("只能合并您看得到的客户，跨机构的请由上级机构或总公司合并。"))
    if survivor.kind != merged.kind:
        raise CannotBeMerged(_("单位和个人不能合并成一位客户。"))
    if (survivor.version, merged.version) != versions:
        raise MergedMeanwhile(_("别人刚刚保存过其中一位客户，请重新比较后再合并。"))


def _take_over(steps: Steps, survivor: Customer, merged: Customer, names: Collection[str]) -> None:
    fields: dict[str, Any] = {
        column: getattr(merged, column)
        for name, columns in CHOICES.items()
        if name in names
        for column in columns
    }
    for column, value in fields.items():
        setattr(survivor, column, value)
    customers.settle(survivor, [survivor.owner])
    fields["name_initials"] = survivor.name_initials
    survivor.refresh_from_db()
    steps.change(survivor, watch=fields, **fields)
    Customer.objects.filter(pk__in=(survivor.pk, merged.pk)).update(version=F("version") + 1)


def _move_contacts(steps: Steps, survivor: Customer, merged: Customer, *, swap: bool) -> None:
    steps.takes(Contact)
    rows = list(merged.contacts.order_by("role", "slot"))
    if survivor.kind == CustomerKind.PERSON:
        _move_self(steps, survivor, rows, swap=swap)
        return
    known = list(survivor.contacts.all())
    for row in rows:
        if any(_same_person(row, one) for one in known):
            steps.note(_("%(who)s 两边都登记了，保留原来的一位。") % {"who": row.shown_name})
            continue
        try:
            slot = contacts.seat(survivor, row.role, [one.slot for one in known if one.role == row.role])
        except contacts.TwoServiceObjectsAlready:
            steps.note(
                _("%(role)s席位已满，%(who)s 留在旧客户号下。")
                % {"role": ContactRole(row.role).label, "who": row.shown_name}
            )
            continue
        steps.change(row, customer_id=survivor.pk, slot=slot)
        known.append(row)


def _same_person(left: Contact, right: Contact) -> bool:
    """This function will say whether two are one by phone or ID number, as far as they have any."""
    phone = bool(left.phone_index) and left.phone_index == right.phone_index
    return phone or (bool(left.id_no_index) and left.id_no_index == right.id_no_index)


def _move_self(steps: Steps, survivor: Customer, rows: list[Contact], *, swap: bool) -> None:
    """This function will give the survivor the person's own data, where it has none or is to have the other's."""
    own = survivor.contacts.first()
    if not rows:
        return
    other = rows[0]
    if own is None:
        steps.change(other, customer_id=survivor.pk)
    elif swap:
        # the seat is unique, so the survivor's own steps aside first
        steps.change(own, slot=SLOT_BESIDE)
        merged_pk = other.customer_id
        steps.change(other, customer_id=survivor.pk)
        steps.change(own, customer_id=merged_pk, slot=SLOT_BESIDE)
        steps.note(_("本人资料采用并入客户的，原来的留在旧客户号下。"))
    else:
        steps.note(_("本人资料保留原来的，并入客户的留在旧客户号下。"))


def _move_the_rest(steps: Steps, survivor: Customer, merged: Customer) -> None:
    """This function will move every other row that belongs to the customer, on whichever floor it lies."""
    for relation in moving_relations():
        if relation.model._meta.label_lower in steps.taken:
            continue
        stayed = 0
        for row in relation.rows(merged.pk):
            moved = steps.try_to_move(row, watch=relation.watch, **{relation.column: survivor.pk})
            stayed += not moved
        if stayed:
            steps.note(
                _("%(n)s 条%(what)s两边都有或不能改动，留在旧客户号下。")
                % {"n": stayed, "what": relation.word}
            )


def _point(steps: Steps, survivor: Customer, merged: Customer) -> None:
    """This function will make the merged row a pointer, and those that pointed to it point on."""
    for earlier in Customer.objects.filter(merged_into=merged):
        steps.change(earlier, watch=("merged_into_id",), merged_into_id=survivor.pk)
    steps.change(
        merged,
        watch=("merged_into_id", "status"),
        merged_into_id=survivor.pk,
        status=CustomerStatus.LAPSED.value,
    )


def _log(row: CustomerMerge, survivor: Customer, merged: Customer, by: User, now: datetime) -> None:
    moved: Mapping[str, Any] = {"survivor": survivor.number, "merged": merged.number}
    steps = MergeStep.objects.filter(merge=row).count()
    entries: list[LogEntry] = [
        audit.entry(
            action="crm.customer.merged",
            subject=row,
            by=by,
            now=now,
            customer=one,
            after={**moved, "steps": steps},
            reason=row.reason,
        )
        for one in (survivor, merged)
    ]
    audit.log_many(entries)
