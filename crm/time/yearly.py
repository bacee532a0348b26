"""Promises counted by the year: visits with changing tiers, and the half-yearly report (X-17, PA-18.2.8)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from crm.time.periods import as_of as in_force

YearlyResult = Literal["open", "kept", "broken"]


class TierPeriod(NamedTuple):
    """The tier of a customer from a day on, up to but not with `ends`; None means still in force."""

    starts: date
    ends: date | None
    tier: str


class VisitStatus(NamedTuple):
    """How a year of visits stands."""

    required: int
    done: int
    result: YearlyResult


def visits_required(year: int, tier_periods: Iterable[TierPeriod], yearly: Mapping[str, int]) -> int:
    """This function will add up the visits a year requires: each month belongs to the tier on its first
    day and gives a twelfth of that tier's yearly count; rounded half up (X-17).

    A tier without a count, and a month without a tier, give 0.
    """
    periods = list(tier_periods)
    twelfths = 0
    for month in range(1, 13):
        period = in_force(periods, date(year, month, 1))
        twelfths += yearly.get(period.tier, 0) if period else 0
    return (2 * twelfths + 12) // 24


def visits_done(year: int, completed: Iterable[date], as_of: date) -> int:
    """This function will count the visits of a year known on a date: by completion date, one a day
    (PA-18.2.3)."""
    return len({day for day in completed if day.year == year and day <= as_of})


def visit_result(year: int, required: int, done: int, as_of: date) -> YearlyResult:
    """This function will judge a year's count, from 00:00 on 1 January of the next year on; until then it
    is open, however many are done (X-17)."""
    if as_of < date(year + 1, 1, 1):
        return "open"
    return "kept" if done >= required else "broken"


def visit_status(
    year: int,
    tier_periods: Iterable[TierPeriod],
    yearly: Mapping[str, int],
    completed: Iterable[date],
    as_of: date,
) -> VisitStatus:
    """This function will say what a year required, what was done, and the result on a local date."""
    required = visits_required(year, tier_periods, yearly)
    done = visits_done(year, completed, as_of)
    return VisitStatus(required, done, visit_result(year, required, done, as_of))


def half_year_end(day: date) -> date:
    """This function will give the last day of the half-year in which a date lies."""
    return date(day.year, 6, 30) if day.month <= 6 else date(day.year, 12, 31)


def policy_report_due(day: date) -> date:
    """This function will give the due date of the report on the half-year of a date: 31 July for the first,
    31 January of the next year for the second (PA-18.2.8)."""
    return date(day.year, 7, 31) if day.month <= 6 else date(day.year + 1, 1, 31)
