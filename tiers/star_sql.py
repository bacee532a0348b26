"""The statement that turns all policies into star points at once; the rule itself is `tiers.rules.star_points`."""

from datetime import date, timedelta
from typing import Any

from crm.instalments import A_YEAR
from crm.time.months import latest_passed
from tiers.models.star import MILLS
from tiers.rules.star_points import COUNTED_STATUS, StarRules

LINE = "individual_life"

# A fen of yearly premium is worth a mill for each year of payment, ten at most; a fen of single premium one mill.
COUNT = """
INSERT INTO tiers_starpoints
    (customer_id, mills, star, rated_on, state, why, ends_on, changed_on)
SELECT customer_id, mills, {star}, %(day)s, 'valid', 'rated', %(ends)s, %(day)s
FROM (
    SELECT customer_id, COALESCE(SUM(premium_fen * CASE
        WHEN frequency = 'single' THEN CASE WHEN effective_date > %(single_over)s THEN 1 ELSE 0 END
        WHEN pay_years IS NULL THEN 0
        ELSE (CASE frequency {times} END) * (CASE WHEN pay_years < %(full)s THEN pay_years ELSE %(full)s END)
    END) FILTER (WHERE long_term AND status IN ({counted}) AND delivered_date < %(waited)s
        AND effective_date <= %(day)s AND (ends_date IS NULL OR ends_date >= %(day)s)), 0) AS mills
    FROM crm_policy WHERE line = %(line)s GROUP BY customer_id
) AS counted
WHERE true
ON CONFLICT (customer_id) DO UPDATE SET mills = excluded.mills WHERE tiers_starpoints.mills <> excluded.mills
"""

EMPTY = """
UPDATE tiers_starpoints SET mills = 0
WHERE mills <> 0 AND NOT EXISTS (
    SELECT 1 FROM crm_policy WHERE crm_policy.customer_id = tiers_starpoints.customer_id AND line = %(line)s
)
"""


def count_statement(day: date, rules: StarRules) -> tuple[str, dict[str, Any]]:
    """This function will give the statement that counts the points of a day, and its parameters.

    It inserts who is new, with the star that the points reach, and rewrites only points that differ.
    """
    times = " ".join(f"WHEN '{frequency}' THEN {count}" for frequency, count in A_YEAR.items())
    counted = ", ".join(f"'{status}'" for status in sorted(COUNTED_STATUS))
    stars = " ".join(
        f"WHEN mills >= {mills(rules, star)} THEN {star}" for star in range(len(rules.thresholds), 0, -1)
    )
    return COUNT.format(star=f"CASE {stars} ELSE 0 END", times=times, counted=counted), {
        "day": day.isoformat(),
        "ends": (day + timedelta(days=rules.validity_days - 1)).isoformat(),
        "waited": (day - timedelta(days=rules.waiting_days)).isoformat(),
        "single_over": latest_passed(day, 12 * rules.single_years).isoformat(),
        "full": rules.full_pay_years,
        "line": LINE,
    }


def mills(rules: StarRules, star: int) -> int:
    """This function will give the threshold of a star in mills."""
    return int(rules.thresholds[star - 1] * MILLS)
