"""Remembers what source systems call our rows, so that what they send again finds its row again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.models import Contact, Customer, Policy, Premium, SourceKey
from crm.refusal import Refusal

Row = Customer | Contact | Policy | Premium
JOINED = {
    "customer": ("customer__merged_into",),
    "contact": ("contact__customer__merged_into",),
    "policy": ("policy__customer__merged_into",),
    "premium": ("premium__policy__customer__merged_into",),
}


class KeyIsTaken(Refusal):
    """Another call gave the key to a row a moment ago."""


def hold(*, noun: str, source: str, external_ids: Iterable[str]) -> None:
    """This function will make other calls about the same keys wait; call it in a transaction, before `known`."""
    keys = SourceKey.objects.filter(noun=noun, source=source, external_id__in=set(external_ids))
    list(keys.order_by("pk").select_for_update().values_list("pk", flat=True))


def known(*, noun: str, source: str, external_ids: Iterable[str]) -> dict[str, Row]:
    """This function will find the rows that a system's keys mean, in one query; a merged customer's is its survivor."""
    rows = SourceKey.objects.filter(noun=noun, source=source, external_id__in=set(external_ids))
    return {key.external_id: _living(getattr(key, noun)) for key in rows.select_related(*JOINED[noun])}


def _living(row: Row) -> Row:
    return survivor(row) if isinstance(row, Customer) else row


def survivor(customer: Customer) -> Customer:
    """This function will follow a customer that was merged, as often as it was."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def keyed(*, noun: str, source: str, rows: Iterable[int]) -> set[int]:
    """This function will say which of our rows have a key of this system already."""
    column = f"{noun}_id"
    found = SourceKey.objects.filter(noun=noun, source=source, **{f"{column}__in": set(rows)})
    return set(found.values_list(column, flat=True))


def link(*, noun: str, source: str, rows: dict[str, Row], now: datetime) -> None:
    """This function will give rows their keys; call it in the transaction that writes them. Raises KeyIsTaken."""
    keys = [
        SourceKey(noun=noun, source=source, external_id=key, created_at=now, **{noun: row})
        for key, row in rows.items()
    ]
    try:
        with transaction.atomic():
            SourceKey.objects.bulk_create(keys)
    except IntegrityError:
        raise KeyIsTaken(_("来源键刚刚被别的请求用过，请稍后重送。")) from None
