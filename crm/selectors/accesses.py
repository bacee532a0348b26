"""Reads who looked at a customer: opened the page, searched by number, saw something in clear, took it out."""

from datetime import date

from django.db.models import QuerySet

from crm import registry
from crm.models import Customer, LogEntry, RevealTally, User


def of_customer(customer: Customer, *, kind: str = "") -> QuerySet[LogEntry]:
    """This function will list the looks at a customer, newest first; `kind` keeps those of one action."""
    kinds = [kind] if kind in registry.look_words() else list(registry.look_words())
    return customer.log.filter(action__in=kinds).select_related("by__branch").order_by("-at", "-id")


def tallies(among: QuerySet[User], day: date) -> QuerySet[RevealTally]:
    """This function will list who looked at clear data on a day, who looked most first."""
    found = RevealTally.objects.filter(user__in=among, day=day)
    return found.select_related("user__branch", "released_by").order_by("-shown", "user_id")
