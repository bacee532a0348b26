"""A broker's star by income of one service year (rulebook BR-4, BR-4.3, BR-4.4). It is for inside eyes only (BR-4.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from crm.refusal import Refusal
from tiers.rules.scales import step

FEN = Decimal("0.01")
SERVICE_YEAR = 12
LEADING_GROUP_FROM = 4

Contents = Literal["standard", "manual"]


class MonthsAreMissing(Refusal):
    """A service period has at least one month."""


@dataclass(frozen=True, slots=True)
class BrokerRating:
    """The star, the income it rests on, and how the contents of service are fixed."""

    annual_income: Decimal
    star: int
    contents: Contents


def annual_income(total: Decimal, service_months: int) -> Decimal:
    """This function will spread income over its service period: yuan of one service year, rounded half up to 0.01.

    Under a year it stands as it is, without grossing-up (BR-4.4). Raises MonthsAreMissing.
    """
    if service_months < 1:
        raise MonthsAreMissing("服务期至少为一个月，请核对起止日期。")
    if service_months <= SERVICE_YEAR:
        return total
    return (total * SERVICE_YEAR / service_months).quantize(FEN, ROUND_HALF_UP)


def rate(
    total: Decimal, service_months: int, scale: Sequence[Decimal], *, consulting: bool = False
) -> BrokerRating:
    """This function will rate by the income scale, whose first bound is one star; contents of a short or consulting
    service are fixed by hand. Raises MonthsAreMissing."""
    income = annual_income(total, service_months)
    by_hand = service_months < SERVICE_YEAR or consulting
    return BrokerRating(income, step(scale, income), "manual" if by_hand else "standard")


def may_have_leading_group(star: int) -> bool:
    """This function will tell whether a leading group is offered: from four stars on (BR-2)."""
    return star >= LEADING_GROUP_FROM


def may_be_told(*, approved: bool) -> bool:
    """This function will tell whether the star may reach the customer or publicity: only with the customer relations
    centre's approval (BR-4.2)."""
    return approved
