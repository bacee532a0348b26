"""Cases of group tiers: ranking, silver, classes of service, the club (rulebook PA-13, PA-15, PA-16)."""

from datetime import date
from decimal import Decimal
from typing import Any

from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.cases.registry import Action, Answer, House, action
from tiers.rules.club import Person, club_member
from tiers.rules.ranking import Candidate, Cut, gold, silver
from tiers.rules.scores import years_since
from tiers.rules.service_classes import classes_of

# What a case says of a branch that has not set its number.
_NO_QUOTA = "silver quota not set"


def rank_gold_main(facts: Facts, house: House) -> Answer:
    """This function will rank established customers for the gold places."""
    cut = gold(_candidates(facts, "existing_customers"), [], **_quotas(house)).main
    return {"gold": _numbers(cut), "first_out": cut.first_out.number if cut.first_out else None, **_line(cut)}


def run_gold(facts: Facts, house: House) -> Answer:
    """This function will fill the gold places and the slots for new customers."""
    established, new = _candidates(facts, "existing_customers"), _candidates(facts, "new_customers")
    found = gold(established, new, **_quotas(house))
    return {
        "gold_main": _numbers(found.main),
        "gold_new": _numbers(found.new),
        "vacant_new_slots": found.new.vacant,
        "gold_total": len(found.members),
        **_line(found.main),
    }


def run_silver(facts: Facts, house: House) -> Answer:
    """This function will fill a branch's silver places; without a number there are none."""
    stated = "silver_quota" in facts
    quota = facts["silver_quota"] if stated else dict(house.rules.silver_quota).get(facts.word("branch", ""))
    cut = silver(_candidates(facts, "candidates"), gold_numbers=_gold(facts), quota=quota)
    return {"silver": _numbers(cut), "message": _NO_QUOTA if quota is None else "", **_line(cut)}


def entitled_classes(facts: Facts, _house: House) -> Answer:
    """This function will name the classes of service of each tier."""
    return {str(tier): list(classes_of(str(tier))) for tier in facts.listed("tiers", "tier")}


def create_club_member(facts: Facts, _house: House) -> Answer:
    """This function will name the person who joins the club."""
    member = club_member(facts.word("tier"), [_person(raw) for raw in facts.listed("contacts", "contact")])
    return {"club_member": member.name if member else None}


def _quotas(house: House) -> dict[str, Any]:
    return {"main_quota": house.rules.gold_main_quota, "new_slots": house.rules.gold_new_slots}


def _candidates(facts: Facts, name: str) -> list[Candidate]:
    """The customers of a case; without years they are counted to the end of the rating year."""
    return [_candidate(Facts(raw), facts) for raw in facts.listed(name) if _is_table(raw, name)]


def _candidate(one: Facts, case: Facts) -> Candidate:
    first = one.day("first_policy")
    last_day = date(case.whole("rating_year", default=first.year), 12, 31)
    years = one.whole("years", default=years_since(first, last_day))
    score = one.number("score")
    premium = one.number("std_premium") if one.get("std_premium") is not None else Decimal(0)
    return Candidate(str(one.need("id")), score, premium, years, first)


def _is_table(raw: Any, name: str) -> bool:
    if not isinstance(raw, dict):
        raise CaseIsUnsound(f"用例的“{name}”应为一组 {{…}}，实为 {raw!r}。")
    return True


def _person(raw: Any) -> Person:
    _is_table(raw, "contacts")
    one = Facts(raw)
    return Person(one.word("name"), one.word("title", ""), one.word("object", "first") == "first")


def _gold(facts: Facts) -> list[str]:
    return [str(number) for number in facts.listed("gold")]


def _numbers(cut: Cut) -> list[str]:
    return [candidate.number for candidate in cut.chosen]


def _line(cut: Cut) -> Answer:
    return {"decided_by": cut.decided_by, "tied": [candidate.number for candidate in cut.tied]}


ACTIONS: dict[str, Action] = {
    "rank_gold_main": action(rank_gold_main, whole=["existing_customers"]),
    "run_gold": action(run_gold, whole=["existing_customers", "new_customers"]),
    "run_silver": action(run_silver, whole=["gold", "candidates"]),
    "entitled_classes": action(entitled_classes, whole=["tiers"]),
    "create_club_member": action(create_club_member, whole=["contacts"]),
}
