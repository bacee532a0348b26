"""Words for people: why a policy is worth nothing, what a star is called."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models.policy import PremiumFrequency
from tiers.models import Level, Scheme
from tiers.rules.star_points import PolicyFacts, Worth, shown
from tiers.selectors.stars import Explained

STARS = (
    gettext_lazy("准星"),
    gettext_lazy("一星"),
    gettext_lazy("二星"),
    gettext_lazy("三星"),
    gettext_lazy("四星"),
    gettext_lazy("五星"),
)
REASONS = {
    "": gettext_lazy("计入"),
    "group": gettext_lazy("不是个人寿险，不计"),
    "short_term": gettext_lazy("不是长期险，不计"),
    "ended": gettext_lazy("已终止或保障已结束，不计"),
    "not_delivered": gettext_lazy("没有送达日，补上后才计入"),
    "not_begun": gettext_lazy("尚未生效"),
    "waiting": gettext_lazy("送达未满 15 天"),
    "single_over": gettext_lazy("趸交已满十年，不再计"),
    "pay_years_missing": gettext_lazy("没有交费年限，补上后才计入"),
}


def star_name(star: int) -> str:
    """This function will call a star by its name: 准星, 一星 … 五星."""
    return str(STARS[star])


def level_name(scheme: str, level: str) -> str:
    """This function will call a level of a scheme as people do; what it does not know stays as it is."""
    if scheme == Scheme.INDIVIDUAL_STAR and level.isdecimal():
        return star_name(int(level))
    return str(dict(Level.choices).get(level, level))


def reason(worth: Worth) -> str:
    """This function will say why a policy counts or not, with the day from which it will."""
    words = str(REASONS[worth.reason])
    if worth.counts_from is None:
        return words
    return _("%(words)s，%(day)s 起计入") % {"words": words, "day": worth.counts_from.isoformat()}


def payment(policy: PolicyFacts) -> str:
    """This function will say how a premium is paid: 趸交, or 年交 20 年."""
    word = str(PremiumFrequency(policy.frequency).label)
    if policy.frequency == PremiumFrequency.SINGLE or not policy.pay_years:
        return word
    return _("%(word)s %(years)d 年") % {"word": word, "years": policy.pay_years}


def as_data(found: Explained) -> dict[str, Any]:
    """This function will give an explanation as plain data; amounts and points are texts with two decimals."""
    held, gap = found.held, found.gap
    return {
        "customer": found.customer.number,
        "on": found.on.isoformat(),
        "points": str(shown(found.points)),
        "reached": found.reached,
        "star": found.star,
        "state": held.state if held else None,
        "rated_on": held.rated_on.isoformat() if held else None,
        "ends_on": held.ends_on.isoformat() if held else None,
        "gap": {
            "next_star": gap.next_star,
            "points": str(gap.points),
            "annual_premium": str(gap.annual_premium),
            "single_premium": str(gap.single_premium),
        }
        if gap
        else None,
        "policies": [
            {"number": worth.policy.number, "points": str(shown(worth.points)), "reason": worth.reason}
            for worth in found.worths
        ],
    }
