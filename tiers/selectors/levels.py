"""Which level a customer held on a day. Decisions ask here, never the tier on show in lists."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from crm.models import Customer
from crm.time import local_date
from tiers.models import Assignment, Level, Scheme


def _day(at: date | datetime) -> date:
    """This function will name the day of an instant in Shanghai; a day is itself."""
    return local_date(at) if isinstance(at, datetime) else at


def tier_of(customer: Customer, scheme: str, at: date | datetime) -> str:
    """This function will name the level a customer holds in a scheme on a day or at an instant, else ordinary."""
    return tiers_of([customer], scheme, at)[customer.pk]


def tiers_of(customers: Iterable[Customer], scheme: str, at: date | datetime) -> dict[int, str]:
    """This function will name the level of each customer on a day, by customer id, in one query."""
    wanted = [customer.pk for customer in customers]
    held = (
        Assignment.objects.in_force(_day(at))
        .filter(scheme=scheme, customer_id__in=wanted)
        .values_list("customer_id", "level")
    )
    return dict.fromkeys(wanted, Level.ORDINARY.value) | dict(held)


def level_held(scheme: str, at: date | datetime) -> Coalesce:
    """This function will write the level that the customers of a query hold on a day, for reading it along."""
    held = Assignment.objects.in_force(_day(at)).filter(scheme=scheme, customer=OuterRef("pk"))
    return Coalesce(Subquery(held.values("level")[:1]), Value(Level.ORDINARY.value))


def history(customer: Customer) -> QuerySet[Assignment]:
    """This function will list a customer's levels, newest first, with who gave them."""
    return customer.assignments.select_related("by").order_by("-active_from", "-id")


def standing(customer: Customer, scheme: str, at: date | datetime) -> Assignment | None:
    """This function will return the row that gives a customer the level of a day, None for ordinary by default."""
    return Assignment.objects.in_force(_day(at)).filter(customer=customer, scheme=scheme).first()


def shown_wrongly(at: date | datetime) -> list[tuple[Customer, str]]:
    """This function will list customers whose tier on show differs from the level they hold, with that level."""
    return [(customer, customer.held) for customer in showing_wrongly(at)]  # type: ignore[attr-defined]


def showing_wrongly(at: date | datetime) -> QuerySet[Customer]:
    """This function will keep customers whose tier on show differs from the level they hold, `held`."""
    ordinary = Value(Level.ORDINARY.value)
    return Customer.objects.annotate(
        held=level_held(Scheme.GROUP_VIP, at),
        shown=Case(When(tier_shown="", then=ordinary), default=F("tier_shown")),
    ).exclude(shown=F("held"))
