"""Reads premiums: what a policy and a customer paid, and the figures of many customers at once that ratings ask for.

Both ends of a stretch of days are included. What was given back counts as negative.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from crm.instalments import A_YEAR
from crm.models import Customer, Policy, Premium
from crm.models.policy import PolicyStatus, PremiumFrequency

NEW_BUSINESS_YEAR = 1
NOTHING = Value(0, output_field=BigIntegerField())


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which policies count; empty means all."""

    lines: Collection[str] = ()
    products: Collection[str] = ()
    long_term: bool | None = None

    def where(self, way: str = "") -> Q:
        """This function will say it of policies, or of rows that reach theirs by `way`."""
        found = Q()
        if self.lines:
            found &= Q(**{f"{way}line__in": set(self.lines)})
        if self.products:
            found &= Q(**{f"{way}product__in": set(self.products)})
        if self.long_term is not None:
            found &= Q(**{f"{way}long_term": self.long_term})
        return found


EVERY = Chosen()


@dataclass(frozen=True, slots=True)
class Received:
    """What came in over a stretch of days, in fen: first policy years, later ones; both net of what was given back."""

    new_fen: int = 0
    renewal_fen: int = 0
    given_back_fen: int = 0  # of both, zero or less

    @property
    def fen(self) -> int:
        """This function will return all of it."""
        return self.new_fen + self.renewal_fen


@dataclass(frozen=True, slots=True)
class InForce:
    """What is in force on a day: policies, their premiums of a year, and single premiums, in fen."""

    policies: int = 0
    annualised_fen: int = 0
    single_fen: int = 0


def of_policy(policy: Policy) -> QuerySet[Premium]:
    """This function will list what was received on a policy, the newest first."""
    return policy.premiums.order_by("-paid_on", "-pk")


def received_on(policy: Policy) -> Received:
    """This function will sum what was received on a policy in all."""
    return _received(policy.premiums.aggregate(**_parts()))


def received_in(customer: Customer, year: int) -> Received:
    """This function will sum what a customer paid in a calendar year."""
    one = Customer.objects.filter(pk=customer.pk)
    found = premium_between(one, first=date(year, 1, 1), last=date(year, 12, 31))
    return found.get(customer.pk, Received())


def with_received(among: QuerySet[Policy]) -> QuerySet[Policy]:
    """This function will add to each policy what was received on it in all, as `received_fen`; none without a row."""
    rows = Premium.objects.filter(policy=OuterRef("pk")).order_by().values("policy")
    return among.annotate(received_fen=Subquery(rows.annotate(fen=Sum("amount_fen")).values("fen")))


def premium_between(
    customers: QuerySet[Customer], *, first: date, last: date, chosen: Chosen = EVERY
) -> dict[int, Received]:
    """This function will sum what each customer paid from `first` to `last`, in one query; who paid nothing is left out."""
    rows = _between(customers, first, last, chosen).values("policy__customer").annotate(**_parts())
    return {row["policy__customer"]: _received(row) for row in rows}


def premium_by_line_between(
    customers: QuerySet[Customer], *, first: date, last: date, chosen: Chosen = EVERY
) -> dict[tuple[int, str], Received]:
    """This function will sum what each customer paid, line by line."""
    rows = _between(customers, first, last, chosen).values("policy__customer", "policy__line")
    return {
        (row["policy__customer"], row["policy__line"]): _received(row) for row in rows.annotate(**_parts())
    }


def premium_by_policy_between(
    customers: QuerySet[Customer], *, first: date, last: date, chosen: Chosen = EVERY
) -> dict[int, Received]:
    """This function will sum what was received on each policy of the customers."""
    rows = _between(customers, first, last, chosen).values("policy").annotate(**_parts())
    return {row["policy"]: _received(row) for row in rows}


def in_force_on(customers: QuerySet[Customer], day: date, *, chosen: Chosen = EVERY) -> dict[int, InForce]:
    """This function will count each customer's policies that cover a day and annualise their premiums (rulebook CL-1).

    A policy covers from its effective date to its last day of cover. Whether it lapsed is known for today only,
    so a lapsed or ended policy counts on no day.
    """
    found = Policy.objects.filter(
        Q(ends_date__isnull=True) | Q(ends_date__gte=day),
        chosen.where(),
        customer__in=customers,
        status=PolicyStatus.IN_FORCE,
        effective_date__lte=day,
    )
    times = [When(frequency=frequency, then=F("premium_fen") * n) for frequency, n in A_YEAR.items()]
    annual = Case(*times, default=NOTHING, output_field=BigIntegerField())
    single = Sum("premium_fen", filter=Q(frequency=PremiumFrequency.SINGLE))
    rows = found.order_by().values("customer")
    summed = rows.annotate(n=Count("pk"), annual=Sum(annual), single=Coalesce(single, NOTHING))
    return {row["customer"]: InForce(row["n"], row["annual"], row["single"]) for row in summed}


def _between(customers: QuerySet[Customer], first: date, last: date, chosen: Chosen) -> QuerySet[Premium]:
    found = Premium.objects.filter(chosen.where("policy__"), paid_on__gte=first, paid_on__lte=last)
    return found.filter(policy__customer__in=customers.order_by()).order_by()


def _parts() -> dict[str, Any]:
    """This function will name the sums of a group."""
    kinds = {
        "new_fen": Q(policy_year=NEW_BUSINESS_YEAR),
        "renewal_fen": Q(policy_year__gt=NEW_BUSINESS_YEAR),
        "given_back_fen": Q(amount_fen__lt=0),
    }
    return {name: Coalesce(Sum("amount_fen", filter=kind), NOTHING) for name, kind in kinds.items()}


def _received(row: Any) -> Received:
    return Received(row["new_fen"], row["renewal_fen"], row["given_back_fen"])
