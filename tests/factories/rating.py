"""Ratings for tests: the places are set, customers have policies, and the long work is done at once."""

from datetime import date, datetime
from typing import Any

from crm.models import Customer, User
from crm.services import house_rules, long_jobs
from tests.factories import crm as make
from tests.factories.crm import NOW
from tiers.models import RatingRow, RatingRun
from tiers.services import rating

YEAR = 2025
SILVER = {"120101": 2}


def set_places(main: int | None = 2, new: int = 1, silver: dict[str, int] | None = None, **more: Any) -> None:
    """This function will set how many places there are, and other settings."""
    make.branch_tree()
    values = {"gold_main_quota": main, "gold_new_slots": new, "silver_quota": silver or SILVER, **more}
    for key, value in values.items():
        house_rules.set_rule(key=key, value=value, reason="测试", by=None, now=NOW)


def rated(
    name: str, yuan: int, *, first: date = date(2020, 5, 1), until: date = date(2026, 4, 30), **fields: Any
) -> Customer:
    """This function will make an organisation with a group policy in force at the end of 2025."""
    customer = make.customer(name, **fields)
    make.policy(customer, effective=first, ends=until, premium_fen=yuan * 100)
    return customer


def computed(by: User | None = None, *, year: int = YEAR, now: datetime = NOW, **told: Any) -> RatingRun:
    """This function will ask for a rating and compute it to its end."""
    run = rating.request(year=year, by=by, now=now, **told)
    work(now)
    run.refresh_from_db()
    return run


def work(now: datetime = NOW) -> None:
    """This function will do the long work that waits."""
    while long_jobs.work(clock=lambda: now).left:
        pass


def found(run: RatingRun) -> dict[str, tuple[str, str, int | None]]:
    """This function will say for each customer by name: level, list and rank."""
    rows = RatingRow.objects.filter(run=run).values_list("customer__name", "level", "won", "rank")
    return {name: (level, won, rank) for name, level, won, rank in rows}
