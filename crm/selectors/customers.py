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

TAIL_LENGTH = 4
# What the list shows of a search by a whole phone or ID number; nobody shares one with more customers.
MOST_SHARED = 50


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
        found = found.filter(branch__path__startswith=wanted.branch.path)
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
    anything else is part of a name, initials, or the beginning of a customer or policy number.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if phones.looks_whole(text):
        # an old book's customer or policy number can have the form of a phone number
        return among.filter(_served(phone_index=privacy.phone_index(phones.digits(text))) | _numbered(text))
    if id_numbers.looks_whole(text):
        number = id_numbers.plain(text)
        held = _served(id_no_index=privacy.id_no_index(number)) | Q(registration_no=number)
        return among.filter(held | _numbered(text))
    means = Q(name__icontains=text) | _served(name__icontains=text) | Q(registration_no__iexact=text)
    if text.isascii():
        policies = Policy.objects.filter(number__istartswith=text).values("customer_id")
        means |= Q(number__istartswith=text) | Q(pk__in=policies)
    if text.isascii() and text.isalpha():
        means |= Q(name_initials__contains=text.lower()) | _served(name_initials=text.lower())
    if text.isdigit() and len(text) == TAIL_LENGTH:
        tail = {"phone_tail_index": privacy.phone_tail_index(text), "phone_masked__endswith": text}
        means |= _served(**tail) | Q(number__endswith=text)
    return among.filter(means)


def _served(**fields: str) -> Q:
    """This function will mean the customers who have a contact like this, each once."""
    return Q(pk__in=Contact.objects.filter(**fields).values("customer_id"))


def _numbered(number: str) -> Q:
    """This function will mean the customers who have exactly this number, or a policy that has it."""
    return Q(number=number) | Q(pk__in=Policy.objects.filter(number=number).values("customer_id"))


def service_objects(customer: Customer) -> QuerySet[Contact]:
    """This function will list the persons served at a customer, first objects first."""
    return customer.contacts.order_by("role", "slot")


def policies_of(customer: Customer) -> QuerySet[Policy]:
    """This function will list a customer's policies, those in force first, the newest first."""
    return customer.policies.order_by("status", "-effective_date", "id")


def history(customer: Customer) -> QuerySet[LogEntry]:
    """This function will list what was done to a customer and who looked at it, newest first."""
    return customer.log.select_related("by").order_by("-at", "-id")
