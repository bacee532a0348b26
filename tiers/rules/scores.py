"""The score of a group customer: standard premium by three coefficient tables (rulebook PA-13.1, 附表1-3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.time.months import add_months
from tiers.rules.scales import Band, coefficient


@dataclass(frozen=True, slots=True)
class CoefficientTables:
    """The three tables of the scheme; an empty one counts as 1 for everybody."""

    scale: tuple[Band, ...] = ()  # 附表1 标准保费规模折算系数表, by yuan
    loyalty: tuple[Band, ...] = ()  # 附表2 客户忠诚度折算系数表, by whole years since the first policy
    profit: tuple[Band, ...] = ()  # 附表3 利润贡献度折算系数表, by the year's profit share


@dataclass(frozen=True, slots=True)
class Score:
    """A score and what it was made of: premium × scale × loyalty × profit."""

    premium: Decimal
    scale: Decimal
    loyalty: Decimal
    profit: Decimal

    @property
    def value(self) -> Decimal:
        """This function will multiply the parts; exact, never rounded, because ranks are decided by it."""
        return self.premium * self.scale * self.loyalty * self.profit


def score(
    tables: CoefficientTables, *, premium: Decimal, years: int, profit_share: Decimal = Decimal(0)
) -> Score:
    """This function will score a customer from the year's standard premium in yuan, whole years and profit share."""
    return Score(
        premium=premium,
        scale=coefficient(tables.scale, premium),
        loyalty=coefficient(tables.loyalty, Decimal(years)),
        profit=coefficient(tables.profit, profit_share),
    )


def years_since(first_policy: date, on: date) -> int:
    """This function will count the whole years from the first policy to a day; none before the first anniversary.

    A policy of 29 February has its anniversary on 28 February of a common year (X-11).
    """
    years = max(0, on.year - first_policy.year)
    return years - (add_months(first_policy, 12 * years) > on) if years else 0
