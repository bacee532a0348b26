"""Duties that are judged once a year or half a year: the VIP survey and the policy reports (PA-18.2.8, PA-18.2.10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from crm.setting_readers import MonthDay
from crm.time.yearly import half_year_end

Result = Literal["open", "kept", "broken"]


@dataclass(frozen=True, slots=True)
class Campaign:
    """One survey of the VIPs: when it closed and was published, how many there were and were invited."""

    closed: date | None
    published: date | None
    vips_at_start: int
    invited: int

    def counts_for(self, year: int, as_of: date) -> bool:
        """This function will say whether it is the year's survey: closed in the year, all invited, published."""
        done = self.closed is not None and self.closed.year == year and self.closed <= as_of
        told = self.published is not None and self.published <= as_of
        return done and told and self.invited >= self.vips_at_start


def survey_result(year: int, campaigns: Collection[Campaign], as_of: date) -> Result:
    """This function will judge the year's survey, from 1 January of the next year on; until then it is open
    (PA-18.2.10, X-17)."""
    if as_of < date(year + 1, 1, 1):
        return "open"
    return "kept" if any(one.counts_for(year, as_of) for one in campaigns) else "broken"


def report_due(last_day: date, due: tuple[MonthDay, MonthDay]) -> date:
    """This function will give the due date of the report on the half-year that ends on a day: in the same year for
    the first half, in the next for the second (PA-18.2.8); `due` holds month and day of both."""
    first, second = due
    if last_day.month <= 6:
        return date(last_day.year, *first)
    return date(last_day.year + 1, *second)


def half_year_name(day: date) -> str:
    """This function will name the half-year of a date, H1 or H2."""
    return "H1" if half_year_end(day).month == 6 else "H2"
