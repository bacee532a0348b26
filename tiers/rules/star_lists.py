"""What is missing to the next star, and who belongs on the lists about to rise, about to fall, to be told (CL-4, CL-5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from crm.time.months import add_months
from tiers.rules.star_points import FEN, StarRules
from tiers.rules.star_terms import Term

RECENT = timedelta(days=30)
NOTICE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing to the next star, in points and in yuan of new premium; never less than what moves the star."""

    next_star: int
    points: Decimal
    annual_premium: Decimal  # a year, of a policy paid for ten years or longer
    single_premium: Decimal


def gap_to_next(star: int, points: Decimal, rules: StarRules) -> Gap | None:
    """This function will give the gap above a star, None at the top; zero where the points already reach it.

    Rounded up to a fen: with the shown gap the star moves, with one fen less it does not.
    """
    if star >= len(rules.thresholds):
        return None
    missing = max(Decimal(0), rules.thresholds[star] - points)
    coefficient = rules.premium_coefficient
    return Gap(
        next_star=star + 1,
        points=_up(missing),
        annual_premium=_up(missing / coefficient),
        single_premium=_up(missing / coefficient / rules.single_share),
    )


def is_about_to_rise(star: int, points: Decimal, rules: StarRules) -> bool:
    """This function will tell whether the gap is at most 20 % of the next threshold, and there still is one."""
    if star >= len(rules.thresholds):
        return False
    threshold = rules.thresholds[star]
    return 0 < threshold - points <= threshold * rules.rise_share


def is_about_to_fall(term: Term, points: Decimal, on: date, rules: StarRules) -> bool:
    """This function will tell whether validity or maintenance ends within 90 days with too few points for the star."""
    if term.star == 0 or points >= rules.thresholds[term.star - 1]:
        return False
    ends = term.ends(rules)
    return on <= ends <= on + timedelta(days=rules.fall_days)


def is_to_be_told(changed_on: date | None, told_on: date | None, on: date) -> bool:
    """This function will tell whether benefits are to be told: a star changed in the last 30 days, or no notice in 12 months."""
    if (
        changed_on is not None
        and changed_on <= on <= changed_on + RECENT
        and (told_on is None or told_on < changed_on)
    ):
        return True
    return told_on is None or add_months(told_on, NOTICE_MONTHS) <= on


def _up(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_CEILING)
