"""The rank floor's part of the demo: gold and silver customers of two years, taken in by the import, and counted stars."""

from datetime import date, datetime, timedelta
from random import Random

from crm.models import Customer, Policy, User
from crm.registry import DemoPart, DemoStage, add_demo
from crm.services import demo, policies
from crm.time import SHANGHAI, local_date
from tiers.models import Level, StarPoints
from tiers.services import assignments, star_levels, stars

HEADER = ("客户号", "级别", "生效日", "依据")
GOLD_SHARE, SILVER_SHARE = 0.05, 0.22
# customers whose birthdays lie around the moment shown come first in the book; they are all VIPs
NEAR = 17
APPROVED = timedelta(days=7, hours=9)
# stars rated so long ago run out soon
STARS_SINCE, MONTH = timedelta(days=690), timedelta(days=30)
SURRENDERED = 4


def seed(stage: DemoStage) -> None:
    """This function will give levels by last year's list and by this year's, and show those of today."""
    today = local_date(stage.now)
    by = User.objects.select_related("branch").get(username="tang")
    customers = list(Customer.objects.filter(kind="organisation").order_by("number"))
    this_year = {c.number: _level(stage.dice, i) for i, c in enumerate(customers)}
    last_year = {number: _a_year_before(stage.dice, level) for number, level in this_year.items()}
    for year, levels in ((today.year - 1, last_year), (today.year, this_year)):
        rows = [
            (number, str(Level(level).label), date(year, 1, 1), f"{year} 年度评定")
            for number, level in levels.items()
            if level != Level.ORDINARY.value or (year == today.year and last_year[number] != level)
        ]
        approved = datetime(year, 1, 1, tzinfo=SHANGHAI) + APPROVED
        demo.import_sheets(
            sheets={"层级": [HEADER, *rows]},
            name=f"{year}年度VIP名单.xlsx",
            by=by,
            now=min(stage.now, max(approved, customers[0].created_at + timedelta(hours=1))),
        )
    assignments.refresh_shown(now=stage.now)


def seed_stars(stage: DemoStage) -> None:
    """This function will count stars from two years ago on, month by month, with a few policies surrendered since."""
    today = local_date(stage.now)
    first = today - STARS_SINCE
    stars.count_day(day=first, now=stage.now)
    held = StarPoints.objects.filter(star__gte=1).order_by("pk").values_list("pk", flat=True)[:SURRENDERED]
    for policy in Policy.objects.filter(customer__in=list(held), line="individual_life", status="in_force"):
        policies.change_policy(policy=policy, status="terminated", by=None, now=stage.now)
    for day in [first + n * MONTH for n in range(1, STARS_SINCE // MONTH)]:
        stars.count_day(day=day, now=stage.now)
    stars.count_day(day=today, now=stage.now)
    star_levels.write_levels(now=stage.now)


def _level(dice: Random, i: int) -> str:
    if i < NEAR:
        return Level.GOLD.value if i % 3 == 0 else Level.SILVER.value
    luck = dice.random()
    if luck < GOLD_SHARE:
        return Level.GOLD.value
    return Level.SILVER.value if luck < SILVER_SHARE else Level.ORDINARY.value


def _a_year_before(dice: Random, level: str) -> str:
    if level == Level.ORDINARY.value:
        return Level.SILVER.value if dice.random() < 0.03 else level
    return dice.choice((Level.SILVER.value, Level.ORDINARY.value)) if dice.random() < 0.3 else level


add_demo(DemoPart("tiers", 20, seed))
add_demo(DemoPart("stars", 21, seed_stars))
