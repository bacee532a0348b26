"""The statements of a rating, the same on SQLite and PostgreSQL: whole sets at once, no row passes through Python.

Only whole numbers of our own are written into a statement; everything else is a parameter.
"""
# ruff: noqa: S608  (what is put together are our own words and whole numbers)

from datetime import date
from typing import Any

from django.db import connection

from crm.instalments import A_YEAR
from tiers.models import RatingRun
from tiers.models.run import Pool
from tiers.rules.terms import HUNDREDTHS, Table, Terms

GROUP_LINES = ("group_life", "group_health")
ORDER = "score DESC, premium_fen DESC, years DESC, first_policy, number"
COLUMNS = (
    "run_id, customer_id, number, branch_id, seat_id, pool, premium_fen, years, first_policy, "
    "scale, loyalty, profit, score, level, won, previous, problem"
)


def year_premium(policy: str = "policy") -> str:
    """This function will write the standard premium of the year of one policy in force at its end, in fen.

    Annualised; a single premium counts whole for cover of a year, and a tenth for cover of many years.
    """
    times = " ".join(f"WHEN '{word}' THEN {policy}.premium_fen * {n}" for word, n in A_YEAR.items())
    single = f"CASE WHEN {policy}.long_term THEN {policy}.premium_fen / 10 ELSE {policy}.premium_fen END"
    return f"CASE {policy}.frequency {times} ELSE {single} END"


def collect(run: RatingRun, terms: Terms, *, after: int, until: int, day: date) -> int:
    """This function will rate the customers with ids above `after`, up to `until`; returns how many rows that made.

    Rated are organisations with a group policy in force at the year's end, and whoever holds a level on `day`.
    """
    within: dict[str, Any] = {"after": after, "until": until, "run": run.pk, "scheme": run.scheme, "day": day}
    # the verb comes first: otherwise SQLite does not count the rows
    statement = f"""
INSERT INTO tiers_ratingrow ({COLUMNS})
WITH seats AS ({_seats(terms)}),
premiums AS (
    SELECT policy.customer_id, CAST(SUM({year_premium()}) AS BIGINT) AS fen FROM crm_policy AS policy
    WHERE policy.customer_id > %(after)s AND policy.customer_id <= %(until)s AND policy.status = 'in_force'
      AND policy.line IN ({", ".join(f"'{line}'" for line in GROUP_LINES)})
      AND policy.effective_date <= %(as_of)s AND (policy.ends_date IS NULL OR policy.ends_date >= %(as_of)s)
    GROUP BY policy.customer_id),
firsts AS (
    SELECT customer_id, MIN(effective_date) AS day FROM crm_policy
    WHERE customer_id > %(after)s AND customer_id <= %(until)s GROUP BY customer_id),
found AS (
    SELECT customer.id, customer.number, customer.branch_id, seats.seat_id, firsts.day AS first_policy,
           COALESCE(premiums.fen, 0) AS fen, COALESCE(held.level, 'ordinary') AS previous,
           CASE WHEN firsts.day >= %(first)s THEN 'new' ELSE 'main' END AS pool,
           CASE WHEN firsts.day < %(first)s
                THEN %(year)s - CAST(SUBSTR(CAST(firsts.day AS TEXT), 1, 4) AS INTEGER) ELSE 0 END AS years,
           CASE WHEN customer.status <> 'active' OR customer.kind <> 'organisation' THEN 'not_eligible'
                WHEN premiums.fen IS NULL THEN 'no_policy' WHEN premiums.fen = 0 THEN 'no_premium'
                WHEN premiums.fen > {terms.greatest_premium} THEN 'too_large' ELSE '' END AS problem
    FROM crm_customer AS customer
    LEFT JOIN premiums ON premiums.customer_id = customer.id
    LEFT JOIN firsts ON firsts.customer_id = customer.id
    LEFT JOIN seats ON seats.branch_id = customer.branch_id
    LEFT JOIN tiers_assignment AS held ON held.customer_id = customer.id AND held.scheme = %(scheme)s
      AND held.active_from <= %(day)s AND (held.active_to IS NULL OR held.active_to > %(day)s)
    WHERE customer.id > %(after)s AND customer.id <= %(until)s AND customer.merged_into_id IS NULL
      AND ((premiums.fen IS NOT NULL AND customer.status = 'active' AND customer.kind = 'organisation')
           OR held.level IN ('gold', 'silver'))),
weighed AS (
    SELECT found.*, {_case("fen", terms.scale)} AS scale, {_case("years", terms.loyalty)} AS loyalty,
           CASE WHEN problem = '' THEN fen ELSE 0 END AS counted FROM found)
SELECT CAST(%(run)s AS BIGINT), id, number, branch_id, seat_id, pool, fen, years, first_policy, scale, loyalty,
       {terms.profit_coefficient}, counted * scale * loyalty * {terms.profit_coefficient}, 'ordinary', '',
       previous, problem
FROM weighed ORDER BY id"""
    days = {"as_of": run.as_of, "first": date(run.year, 1, 1), "year": run.year}
    return _run(statement, within | days)


def choose_gold(run: RatingRun, pool: Pool, places: int) -> int:
    """This function will make the first `places` of a pool gold, in the order of the index."""
    return _choose(run, "pool = %(pool)s", {"pool": pool.value}, places, level="gold", won=pool.value)


def choose_silver(run: RatingRun, seat: int, places: int) -> int:
    """This function will make the first `places` of a branch's list silver, among those who are not gold."""
    where = "seat_id = %(seat)s AND level <> 'gold'"
    return _choose(run, where, {"seat": seat}, places, level="silver", won="silver")


def _choose(run: RatingRun, where: str, told: dict[str, Any], places: int, *, level: str, won: str) -> int:
    statement = f"""
UPDATE tiers_ratingrow SET level = %(level)s, won = %(won)s, rank = placed.place
FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY {ORDER}) AS place FROM (
    SELECT id, {ORDER.replace(" DESC", "")} FROM tiers_ratingrow
    WHERE run_id = %(run)s AND problem = '' AND {where} ORDER BY {ORDER} LIMIT %(places)s) AS head) AS placed
WHERE tiers_ratingrow.id = placed.id"""
    return _run(statement, told | {"run": run.pk, "places": places, "level": level, "won": won})


def _run(statement: str, told: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return int(cursor.rowcount)


def _case(value: str, table: Table) -> str:
    """This function will write which coefficient a value gets, the highest bound first."""
    steps = " ".join(f"WHEN {value} >= {bound} THEN {one}" for bound, one in reversed(table))
    return f"CASE {steps} ELSE {HUNDREDTHS} END" if steps else str(HUNDREDTHS)


def _seats(terms: Terms) -> str:
    """This function will write the silver lists of the branches as a table of the statement."""
    if not terms.seats:
        return "SELECT 0 AS branch_id, 0 AS seat_id WHERE 1 = 0"
    rows = ", ".join(f"({branch:d}, {seat:d})" for branch, seat in sorted(terms.seats.items()))
    return f"SELECT column1 AS branch_id, column2 AS seat_id FROM (VALUES {rows}) AS told"
