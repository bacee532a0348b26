"""Cases of what is counted by the year: visits, the VIP survey, policy reports (X-17, PA-18.2.3, .8, .10)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm import iso
from crm.time import local_date
from crm.time.yearly import TierPeriod, visit_status, visits_required
from servicing.cases.clocks import tier_at
from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.cases.registry import Action, Answer, House, action
from servicing.clocks import VIP_TIERS
from servicing.yearly_duties import Campaign, half_year_name, report_due, survey_result

# What does not count as a visit (PA-18.2.3): nobody answered, nobody was talked to.
_NO_VISITS = ("mass_sms", "sms", "mass SMS", "gift_left", "gift left", "gift", "unanswered", "attempt")


def _yearly(house: House) -> dict[str, int]:
    return {tier: house.standard(f"PA-18.2.3-{tier}").amount for tier in VIP_TIERS}


def _periods(facts: Facts) -> list[TierPeriod]:
    """The tiers of a case as half-open spans; a single tier holds all the time."""
    if facts.get("tier_from") is None:
        return [TierPeriod(date.min, None, facts.word("tier", "ordinary"))]
    starts = sorted((iso.day(start), str(tier)) for start, tier in facts.table("tier_from").items())
    ends: list[date | None] = [*(start for start, _ in starts[1:]), None]
    return [TierPeriod(start, end, tier) for (start, tier), end in zip(starts, ends, strict=True)]


def required(facts: Facts, house: House) -> Answer:
    """This function will give the visits that a year requires."""
    return {"required": visits_required(facts.whole("year"), _periods(facts), _yearly(house))}


def status(facts: Facts, house: House) -> Answer:
    """This function will judge a year of visits on a date; without one, when the year is over."""
    year = facts.whole("year")
    visits = [day for day in (_visit(one) for one in facts.listed("visits")) if day]
    found = visit_status(year, _periods(facts), _yearly(house), visits, _as_of(facts, year))
    return {"required": found.required, "done": found.done, "result": found.result}


def _visit(raw: Any) -> date | None:
    """The date of a visit that counts, None for an attempt that does not."""
    if not isinstance(raw, Mapping):
        return iso.day(raw)
    day = raw.get("date") or raw.get("at") or raw.get("completed")
    kind = raw.get("kind") or raw.get("type") or raw.get("channel")
    left_out = kind in _NO_VISITS or any(
        raw.get(key) is False for key in ("answered", "recorded", "completed")
    )
    return None if left_out else iso.day(day)


def _as_of(facts: Facts, year: int) -> date:
    stated = facts.moment_or_none("as_of")
    return local_date(stated) if stated else date(year + 1, 1, 1)


def survey(facts: Facts, _house: House) -> Answer:
    """This function will judge the year's VIP survey; without a date, on everything the case tells."""
    year = facts.whole("year")
    raws = facts.listed("campaigns", "campaign")
    campaigns = [_campaign(raw) for raw in raws if raw]
    last = max((one.published for one in campaigns if one.published), default=date.min)
    as_of = _as_of(facts, year) if facts.get("as_of") else max(last, date(year + 1, 1, 1))
    return {"result": survey_result(year, campaigns, as_of)}


def _campaign(raw: Any) -> Campaign:
    if not isinstance(raw, dict):
        raise CaseIsUnsound(f"用例的“campaign”应为 {{…}}，实为 {raw!r}。")
    facts = Facts(raw)
    return Campaign(
        closed=facts.day("closed") if facts.get("closed") else None,
        published=facts.day("published") if facts.get("published") else None,
        vips_at_start=facts.whole("vips_at_start", default=0),
        invited=facts.whole("invited", default=0),
    )


def reports(facts: Facts, house: House) -> Answer:
    """This function will give the due dates of the policy reports owed to a customer who was VIP on the last day
    of a half-year."""
    found: Answer = {"H1": None, "H2": None}
    for last_day in _vip_on(facts):
        if last_day == last_day.replace(month=6 if last_day.month <= 6 else 12, day=_last(last_day)):
            found[half_year_name(last_day)] = report_due(last_day, house.rules.policy_report_due)
    return found


def _last(day: date) -> int:
    return 30 if day.month <= 6 else 31


def _vip_on(facts: Facts) -> list[date]:
    if facts.get("vip_on") is not None:
        return [iso.day(one) for one in facts.listed("vip_on")]
    year = facts.whole("year")
    ends = (date(year, 6, 30), date(year, 12, 31))
    return [day for day in ends if tier_at(facts, day) in VIP_TIERS]


ACTIONS: dict[str, Action] = {
    "visits_required": action(required),
    "visit_status": action(status, whole=["visits"]),
    "survey_status": action(survey, whole=["campaigns"]),
    "policy_report_due": action(reports, whole=["vip_on"]),
}
