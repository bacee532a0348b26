"""Cases of stars: points, terms, gaps (rulebook CL-1 to CL-5), and the broker's star (BR-4)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.cases.registry import Action, Answer, House, action
from tiers.rules import broker
from tiers.rules.star_lists import gap_to_next, is_about_to_fall, is_about_to_rise
from tiers.rules.star_points import PolicyFacts, StarRules, is_vip, points_of, shown, star_of
from tiers.rules.star_terms import Term, standing


def star(facts: Facts, house: House) -> Answer:
    """This function will give the star of points."""
    rules = StarRules.of(house.rules)
    found = star_of(facts.number("points"), rules)
    return {"star": found, "vip": is_vip(found, rules)}


def points(facts: Facts, house: House) -> Answer:
    """This function will give the points of policies on a day, and the star they reach."""
    rules = StarRules.of(house.rules)
    raws = facts.listed("policies", "policy")
    found = points_of([_policy(raw) for raw in raws], facts.day("as_of"), rules)
    return {
        "points": shown(found),
        "star": star_of(found, rules),
        "vip": is_vip(star_of(found, rules), rules),
    }


def validity(facts: Facts, house: House) -> Answer:
    """This function will give the days of validity and of maintenance."""
    rules = StarRules.of(house.rules)
    term = Term(facts.whole("star"), facts.day("rated_on"))
    ends = term.valid_to(rules)
    return {
        "valid_to": ends,
        "maintenance_from": ends + timedelta(days=1),
        "maintenance_to": term.maintenance_to(rules),
    }


def effective_star(facts: Facts, house: House) -> Answer:
    """This function will tell how a star stands on a day."""
    rules = StarRules.of(house.rules)
    term = _term(facts, rules)
    found = standing(term, [(term.rated_on, facts.number("points"))], facts.day("as_of"), rules)
    return {
        "star": found.star,
        "state": found.state,
        "rated_on": found.rated_on,
        "valid_to": found.valid_to(rules),
    }


def gap(facts: Facts, house: House) -> Answer:
    """This function will give what is missing to the next star, and the lists that the customer is on."""
    rules = StarRules.of(house.rules)
    stands = facts.number("points")
    held = facts.whole("star", default=star_of(stands, rules))
    missing = gap_to_next(held, stands, rules)
    found: Answer = {
        "next_star": missing.next_star if missing else None,
        "gap_points": missing.points if missing else None,
        "annual_premium_10y": missing.annual_premium if missing else None,
        "single_premium": missing.single_premium if missing else None,
        "on_rise_list": is_about_to_rise(held, stands, rules),
    }
    if facts.get("as_of") is not None and (facts.get("valid_to") or facts.get("rated_on")):
        found["on_fall_list"] = is_about_to_fall(_term(facts, rules), stands, facts.day("as_of"), rules)
    return found


def broker_star(facts: Facts, house: House) -> Answer:
    """This function will rate by income."""
    found = broker.rate(
        facts.number("total_income"),
        facts.whole("service_months"),
        house.rules.broker_scale,
        consulting=bool(facts.get("consulting")),
    )
    income = found.annual_income.quantize(broker.FEN)
    return {"annual_income": income, "star": found.star, "contents": found.contents}


def leading_group(facts: Facts, _house: House) -> Answer:
    """This function will tell whether a leading group is offered."""
    return {"offered": broker.may_have_leading_group(facts.whole("star"))}


def customer_document(facts: Facts, _house: House) -> Answer:
    """This function will tell whether a document for the customer shows the star: only once disclosure is approved."""
    return {"star_visible": broker.may_be_told(approved=bool(facts.get("disclosure_approval")))}


def group_and_document(facts: Facts, house: House) -> Answer:
    """This function will tell both."""
    return {**leading_group(facts, house), **customer_document(facts, house)}


def _term(facts: Facts, rules: StarRules) -> Term:
    """A star by its rating day, or by its last day of validity."""
    if facts.get("rated_on") is not None:
        return Term(facts.whole("star"), facts.day("rated_on"))
    first = facts.day("valid_to") - timedelta(days=rules.validity_days - 1)
    return Term(facts.whole("star"), first)


def _policy(raw: Any) -> PolicyFacts:
    if not isinstance(raw, dict):
        raise CaseIsUnsound(f"用例的“policies”应为一组 {{…}}，实为 {raw!r}。")
    one = Facts(raw)
    term_years = one.number("term_years") if one.get("term_years") is not None else None
    return PolicyFacts(
        premium=one.number("premium"),
        frequency="single" if one.word("pay", "regular") == "single" else one.word("freq", "annual"),
        effective=one.day("effective"),
        delivered=one.day("delivered") if one.get("delivered") is not None else None,
        pay_years=one.whole("pay_years") if one.get("pay_years") is not None else None,
        status=one.word("status", "in_force"),
        individual=one.word("kind", "individual") == "individual",
        long_term=term_years is None or term_years > Decimal(1),
        ends=_ends(one),
    )


def _ends(one: Facts) -> date | None:
    return one.day("ends", "policy_end") if one.get("ends") or one.get("policy_end") else None


ACTIONS: dict[str, Action] = {
    "star_of": action(star),
    "points_and_star": action(points, whole=["policies"]),
    "points": action(points, whole=["policies"]),
    "validity": action(validity),
    "effective_star": action(effective_star),
    "gap_to_next": action(gap),
    "rate": action(broker_star),
    "leading_group_offered": action(leading_group),
    "render_customer_document": action(customer_document),
    "leading_group_offered+render_customer_document": action(group_and_document),
}
