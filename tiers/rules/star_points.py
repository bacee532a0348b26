"""Star points: what each policy is worth on a day, and why (rulebook CL-1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from crm.house_rules import HouseRules
from crm.instalments import A_YEAR
from crm.time.months import add_months
from tiers.rules.scales import step

FEN = Decimal("0.01")
COUNTED_STATUS = frozenset({"in_force", "lapsed"})

# Why a policy is worth nothing on a day; "" counts.
Reason = Literal[
    "",
    "group",
    "short_term",
    "ended",
    "not_delivered",
    "waiting",
    "not_begun",
    "single_over",
    "pay_years_missing",
]


@dataclass(frozen=True, slots=True)
class StarRules:
    """One version of the rules: the public profile of 2018 with the institution's thresholds and days."""

    thresholds: tuple[Decimal, ...]
    validity_days: int = 730
    maintenance_days: int = 180
    rise_share: Decimal = Decimal("0.20")
    fall_days: int = 90
    vip_from: int = 2
    waiting_days: int = 15
    full_pay_years: int = 10
    single_share: Decimal = Decimal("0.1")
    single_years: int = 10
    premium_coefficient: Decimal = Decimal(1)

    @classmethod
    def of(cls, rules: HouseRules) -> "StarRules":
        """This function will take over what the institution has set."""
        return cls(
            thresholds=rules.star_thresholds,
            validity_days=rules.star_validity_days,
            maintenance_days=rules.star_maintenance_days,
            rise_share=rules.rise_list_share,
            fall_days=rules.fall_list_days,
        )


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A policy of which the customer is the policyholder; `premium` is one instalment in yuan, or the single premium."""

    premium: Decimal
    frequency: str
    effective: date
    delivered: date | None
    pay_years: int | None = None
    status: str = "in_force"
    individual: bool = True
    long_term: bool = True
    ends: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a policy is worth on a day; `counts_from` where it only has to wait."""

    policy: PolicyFacts
    points: Decimal
    reason: Reason = ""
    counts_from: date | None = None


def star_of(points: Decimal, rules: StarRules) -> int:
    """This function will give the star of points, 0 (准星) to 5; lower bounds are included."""
    return step(rules.thresholds, points)


def is_vip(star: int, rules: StarRules) -> bool:
    """This function will tell whether a star is VIP: two and above."""
    return star >= rules.vip_from


def points_of(policies: Iterable[PolicyFacts], on: date, rules: StarRules) -> Decimal:
    """This function will add up what policies are worth on a day, exactly; round it only to show it."""
    return sum((worth(one, on, rules).points for one in policies), Decimal(0))


def shown(points: Decimal) -> Decimal:
    """This function will round points to the two decimals that people read (X-19)."""
    return points.quantize(FEN, ROUND_HALF_UP)


def worth(policy: PolicyFacts, on: date, rules: StarRules) -> Worth:
    """This function will give a policy's points on a day, or the reason why it has none."""
    reason = _reason(policy, on, rules)
    if reason:
        starts = _counts_from(policy, rules) if reason in ("waiting", "not_begun") else None
        return Worth(policy, Decimal(0), reason, starts)
    return Worth(policy, standard_premium(policy, rules) * rules.premium_coefficient)


def standard_premium(policy: PolicyFacts, rules: StarRules) -> Decimal:
    """This function will give the standard premium of a year in yuan: annualised × pay years / 10 at most, single × 0.1."""
    if policy.frequency == "single":
        return policy.premium * rules.single_share
    years = min(policy.pay_years or 0, rules.full_pay_years)
    return policy.premium * A_YEAR[policy.frequency] * years / rules.full_pay_years


def days_of_change(policy: PolicyFacts, rules: StarRules) -> list[date]:
    """This function will name the days on which a policy begins or ends to count, whatever its status."""
    found = [_counts_from(policy, rules), _over(policy, rules)]
    return sorted({day for day in found if day is not None})


def _reason(policy: PolicyFacts, on: date, rules: StarRules) -> Reason:
    if not policy.individual:
        return "group"
    if not policy.long_term:
        return "short_term"
    if policy.status not in COUNTED_STATUS:
        return "ended"
    if policy.delivered is None:
        return "not_delivered"
    if policy.frequency != "single" and not policy.pay_years:
        return "pay_years_missing"
    if on <= policy.delivered + timedelta(days=rules.waiting_days):
        return "waiting"
    if on < policy.effective:
        return "not_begun"
    over = _over(policy, rules)
    if over is not None and on >= over:
        return "ended" if policy.ends is not None and on > policy.ends else "single_over"
    return ""


def _counts_from(policy: PolicyFacts, rules: StarRules) -> date | None:
    """The first day that counts: day 16 after delivery, and not before the policy takes effect."""
    if policy.delivered is None:
        return None
    return max(policy.delivered + timedelta(days=rules.waiting_days + 1), policy.effective)


def _over(policy: PolicyFacts, rules: StarRules) -> date | None:
    """The first day that no longer counts: after the end of cover, for a single premium from the 10th anniversary."""
    ends = [policy.ends + timedelta(days=1)] if policy.ends else []
    if policy.frequency == "single":
        ends.append(add_months(policy.effective, 12 * rules.single_years))
    return min(ends, default=None)
