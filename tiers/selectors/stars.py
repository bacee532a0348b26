"""A customer's star with what it rests on, and the lists about to rise, about to fall and to be told (CL-1 to CL-5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import cast

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When

from crm.models import Customer, Policy
from crm.selectors import house_rules
from crm.time.months import latest_passed
from tiers import star_sql
from tiers.models import StarPoints
from tiers.models.star import MILLS
from tiers.rules.star_lists import NOTICE_MONTHS, RECENT, Gap, gap_to_next
from tiers.rules.star_points import PolicyFacts, StarRules, Worth, points_of, star_of, worth
from tiers.rules.star_terms import State, Term
from tiers.star_sql import LINE

FEN = 100


@dataclass(frozen=True, slots=True)
class Explained:
    """What a customer's points on a day are made of, policy by policy, and what is missing to the next star."""

    customer: Customer
    on: date
    worths: tuple[Worth, ...]
    points: Decimal
    reached: int  # the star that the points alone would give
    held: StarPoints | None
    gap: Gap | None
    rules: StarRules

    @property
    def star(self) -> int:
        """This function will give the held star; before the first count, the one that the points reach."""
        return self.held.star if self.held else self.reached

    @property
    def term(self) -> Term | None:
        """This function will give the held star as the rules see it."""
        held = self.held
        return Term(held.star, held.rated_on, cast(State, held.state)) if held else None


def rules_in_force() -> StarRules:
    """This function will give the star rules with the institution's settings; one query."""
    return StarRules.of(house_rules.current())


def facts_of(policy: Policy) -> PolicyFacts:
    """This function will give what the rules need to know of a policy."""
    return PolicyFacts(
        premium=Decimal(policy.premium_fen) / FEN,
        frequency=policy.frequency,
        effective=policy.effective_date,
        delivered=policy.delivered_date,
        pay_years=policy.pay_years,
        status=policy.status,
        individual=policy.line == LINE,
        long_term=policy.long_term,
        ends=policy.ends_date,
        number=policy.number,
    )


def explained(customer: Customer, on: date) -> Explained:
    """This function will explain a customer's points on a day from the policies as they stand now."""
    rules = rules_in_force()
    policies = [facts_of(policy) for policy in customer.policies.order_by("effective_date", "number")]
    points = points_of(policies, on, rules)
    held = StarPoints.objects.filter(customer=customer).first()
    reached = star_of(points, rules)
    star = held.star if held else reached
    return Explained(
        customer=customer,
        on=on,
        worths=tuple(worth(one, on, rules) for one in policies),
        points=points,
        reached=reached,
        held=held,
        gap=gap_to_next(star, points, rules),
        rules=rules,
    )


def about_to_rise(rules: StarRules) -> QuerySet[StarPoints]:
    """This function will list stars whose gap is at most 20 % of the next threshold, the smallest gap first (CL-5)."""
    found = Q()
    for star, threshold in enumerate(rules.thresholds):
        least = ceil(threshold * (1 - rules.rise_share) * MILLS)
        found |= Q(star=star, mills__gte=least, mills__lt=star_sql.mills(rules, star + 1))
    next_threshold = Case(
        *(
            When(star=star, then=Value(star_sql.mills(rules, star + 1)))
            for star in range(len(rules.thresholds))
        ),
        output_field=BigIntegerField(),
    )
    return StarPoints.objects.filter(found).order_by(next_threshold - F("mills"), "pk")


def about_to_fall(rules: StarRules, on: date) -> QuerySet[StarPoints]:
    """This function will list stars that are lost within 90 days unless points are made good, the soonest first (CL-5)."""
    found = Q()
    for star in range(1, len(rules.thresholds) + 1):
        found |= Q(star=star, mills__lt=star_sql.mills(rules, star))
    soon = Q(ends_on__gte=on, ends_on__lte=on + timedelta(days=rules.fall_days))
    return StarPoints.objects.filter(soon & found).order_by("ends_on", "pk")


def to_be_told(on: date) -> QuerySet[StarPoints]:
    """This function will list stars of one and above whose benefits are to be told: changed lately, or a year ago (CL-5)."""
    fresh = Q(changed_on__gte=on - RECENT, changed_on__lte=on)
    fresh &= Q(told_on__isnull=True) | Q(told_on__lt=F("changed_on"))
    long_ago = Q(told_on__isnull=True) | Q(told_on__lt=_a_year_ago(on))
    return StarPoints.objects.filter(fresh | long_ago, star__gte=1).order_by("-changed_on", "pk")


def _a_year_ago(on: date) -> date:
    """The first day of telling that is less than twelve months ago."""
    return latest_passed(on, NOTICE_MONTHS) + timedelta(days=1)
