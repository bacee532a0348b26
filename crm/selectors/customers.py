"""Reads customers: the list with its search, and what a customer's page shows."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crm import id_numbers, phones, privacy
from crm.models import Branch, Contact, Customer, LogEntry, Policy, User
from crm.models.policy import PolicyStatus
from crm.name_parts import PAIR, NumberEnd

TAIL_LENGTH = 4
Keys = QuerySet[Any, Any]
# What the list shows of a search by a whole phone or ID number; nobody shares one with more customers.
MOST_SHARED = 50
# More than these are found in the list's order rather than found first and sorted then.
MANY = 500
# Looks that changed nothing stand in 访问记录, and instalments that came in, month after month, under their policy.
UNTOLD = ("crm.customer.read", "crm.customer.searched", "crm.premium.booked")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks of the customer list; empty means all."""

    text: str = ""
    branch: Branch | None = None
    tiers: Sequence[str] = ()
    kind: str = ""
    owner: User | None = None


def is_personal(text: str) -> bool:
    """This function will say whether a search text is a whole phone or ID number, which must stay out of URLs."""
    return phones.looks_whole(text) or id_numbers.looks_whole(text)


def listing(among: QuerySet[Customer], wanted: Wanted) -> QuerySet[Customer]:
    """This function will list the customers asked for, by name, each with owner, branch and policies in force."""
    found = among
    if wanted.branch:
        found = found.filter(branch__within=wanted.branch.path)
    if wanted.tiers:
        found = found.filter(tier_shown__in=wanted.tiers)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.owner:
        found = found.filter(owner=wanted.owner)
    if wanted.text:
        found = search(found, wanted.text)
    return (
        found.select_related("owner", "branch")
        .annotate(policies_in_force=Coalesce(Subquery(_in_force()), 0))
        .order_by("name", "id")
    )


def _in_force() -> QuerySet[Any, Any]:
    counted = Policy.objects.filter(customer=OuterRef("pk"), status=PolicyStatus.IN_FORCE).order_by()
    return counted.values("customer").annotate(n=Count("pk", output_field=IntegerField())).values("n")


def search(among: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """This function will keep the customers that a search text means.

    A whole phone or ID number is found by its blind index, four digits are a phone's tail or a number's end;
    anything else is part of a name, initials, or the beginning of a customer or policy number. Each way of
    finding has its index and its own part of a union, for an OR of them would read every customer. Initials
    that a great many share are the exception: in the list's order the first of them soon come.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    first, *others = _meant(text)
    if _is_common(text):
        return among.filter(
            Q(name_initials__contains=text.lower()) | Q(pk__in=first.union(*others, all=True))
        )
    if _are_initials(text):
        others.append(_customers(name_initials__has_part=text.lower()))
    return among.filter(pk__among=first.union(*others, all=True))


def _are_initials(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _is_common(text: str) -> bool:
    """Whether more customers than are quickly sorted share two initials; one query by index, asked for no other text."""
    if not _are_initials(text) or len(text) != PAIR:
        return False
    return bool(_customers(name_initials__has_part=text.lower())[MANY : MANY + 1])


def _meant(text: str) -> list[Keys]:
    """The keys of customers that a text means, one query for each way of finding them but by the customer's initials."""
    if phones.looks_whole(text):
        # an old book's customer or policy number can have the form of a phone number
        return [_served(phone_index=privacy.phone_index(phones.digits(text))), *_numbered(text)]
    if id_numbers.looks_whole(text):
        number = id_numbers.plain(text)
        held = _served(id_no_index=privacy.id_no_index(number))
        return [held, _customers(registration_no__iexact=number), *_numbered(text)]
    found = [_customers(name__has_part=text), _served(name__has_part=text)]
    if text.isascii():
        found += [
            _customers(registration_no__iexact=text),
            _customers(number__istartswith=text),
            _once(number__istartswith=text),
            Policy.objects.filter(number__istartswith=text).values("customer_id"),
        ]
    if _are_initials(text):
        found += [_served(name_initials=text.lower())]
    if text.isdigit() and len(text) == TAIL_LENGTH:
        tail = {"phone_tail_index": privacy.phone_tail_index(text), "phone_masked__endswith": text}
        ends = Customer.objects.alias(end=NumberEnd("number")).filter(end=text)
        found += [_served(**tail), ends.values("pk")]
    return found


def _customers(**fields: str) -> Keys:
    """This function will mean the customers like this."""
    return Customer.objects.filter(**fields).values("pk")


def _served(**fields: str) -> Keys:
    """This function will mean the customers who have a contact like this."""
    return Contact.objects.filter(**fields).values("customer_id")


def _once(**fields: str) -> Keys:
    """This function will mean the customers into whom one like this was merged."""
    return Customer.objects.filter(merged_into__isnull=False, **fields).values("merged_into_id")


def _numbered(number: str) -> list[Keys]:
    """This function will mean the customers who have exactly this number, had it before a merge, or have such a policy."""
    policies = Policy.objects.filter(number=number).values("customer_id")
    return [_customers(number=number), _once(number=number), policies]


def service_objects(customer: Customer) -> QuerySet[Contact]:
    """This function will list the persons served at a customer, first objects first."""
    return customer.contacts.order_by("role", "slot")


def policies_of(customer: Customer) -> QuerySet[Policy]:
    """This function will list a customer's policies, those in force first, the newest first."""
    return customer.policies.order_by("status", "-effective_date", "id")


def history(customer: Customer) -> QuerySet[LogEntry]:
    """This function will list what was done to a customer and what of it was revealed, newest first."""
    both = LogEntry.objects.filter(Q(customer=customer) | Q(customer__merged_into=customer))
    return both.exclude(action__in=UNTOLD).select_related("by").order_by("-at", "-id")
