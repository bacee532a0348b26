"""Cases of clocks: compute a due time, choose the clock, judge a closing (X-02 … X-16, X-20, PA-17, PA-18, CP-, BR-)."""

from datetime import date, datetime
from typing import Any

from crm import iso
from crm.time import local_date
from crm.time.clocks import Due, PauseSpan, Unit, amber_at, compute_due, deadline_on, judge
from crm.time.rules import TimeRules
from servicing.cases import words
from servicing.cases.facts import CaseIsUnsound, Facts, only_moment
from servicing.cases.registry import Action, Answer, House, action
from servicing.clocks import ClockChoice, Limit, choose_clock, clock_of
from servicing.models.commitment import PauseReason

# A due time that a case states instead of its trigger.
_STATED_DAY = ("due_date", "target")
_STATED_MOMENT = ("due_at", "deadline")
NOT_TRIGGERS = ("as_of", "closed_at", *_STATED_DAY, *_STATED_MOMENT, "rule", "clock", "policy_effective")
STAGE_ONE = ("BR-2", "BR-3", "BR-4", "BR-5")


def trigger(facts: Facts) -> datetime:
    """This function will give the moment from which a case counts."""
    return facts.moment("at") if facts.get("at") is not None else only_moment(facts, NOT_TRIGGERS)


def rules_of(facts: Facts, house: House) -> TimeRules:
    """This function will give the rules of time for the channel of a case."""
    return house.rules.time_rules(facts.word("channel", ""))


def run(standard: Limit, at: datetime, facts: Facts, house: House) -> Due:
    """This function will run a standard's clock as the case says: with its pauses, as known at its moment."""
    return compute_due(
        clock_of(standard),
        at,
        calendar=house.calendar,
        rules=rules_of(facts, house),
        pauses=[one for one in facts.pauses() if _stops(standard, one)],
        as_of=facts.moment_or_none("as_of"),
        with_steps=False,
    )


def _stops(standard: Limit, pause: PauseSpan) -> bool:
    """Whether a pause stops a clock: for a reason of X-13, and a clock of the law only for the law's own.

    A case that states no reason means one that is allowed, if there is any.
    """
    permitted = standard.pause_reasons if standard.authority == "statutory" else PauseReason.values
    return words.pause_reason_of(pause.reason) in permitted if pause.reason else bool(permitted)


def answer(due: Due, facts: Facts, house: House) -> Answer:
    """This function will give all that a case may ask of a due time."""
    return {
        "starts_at": due.starts_at,
        "due_date": due.due_date,
        "target": due.due_date,
        "due_at": due.due_at,
        "deadline": due.due_at,
        "legal_latest": due.legal_latest,
        "provisional": due.provisional,
        "paused": due.paused,
        "state": due.state(facts.moment_or_none("as_of") or house.now),
    }


def tier_at(facts: Facts, day: date) -> str:
    """This function will give the tier on a date: stated, or the last one of a table by date (rulebook X-15)."""
    if facts.get("tier_from") is None:
        return facts.word("tier", "ordinary")
    reached = {iso.day(start): str(tier) for start, tier in facts.table("tier_from").items()}
    starts = [start for start in reached if start <= day]
    return reached[max(starts)] if starts else "ordinary"


def _choice(facts: Facts, house: House) -> ClockChoice:
    return choose_clock(
        words.kind_of(facts),
        words.change_of(facts, house.rules.simple_change_types),
        tier_at(facts, local_date(trigger(facts))),
        words.extra_large(facts),
        claim_type=words.claim_type_of(facts),
        simple_change_types=house.rules.simple_change_types,
    )


def _code(facts: Facts, house: House) -> str | None:
    """The code of the case's clock; `by tier` is chosen, the law's where the company promises nothing."""
    code = facts.word("clock")
    if code != "by tier":
        return code
    choice = _choice(facts, house)
    return choice.company or choice.ceiling


def _due_of_code(code: str | None, facts: Facts, house: House) -> Answer:
    if code is None:
        return {"clock": None, "due_date": None, "target": None, "due_at": None, "state": None}
    standard = house.standard(code)
    due = run(standard, trigger(facts), facts, house)
    warned = {}
    if due.due_at is not None:
        warned = {
            "amber_at": amber_at(clock_of(standard), due.starts_at, due.due_at, calendar=house.calendar)
        }
    return {"clock": code, **answer(due, facts, house), **warned}


def compute(facts: Facts, house: House) -> Answer:
    """This function will compute the due time of a named clock, or of the one that the tier gives."""
    return _due_of_code(_code(facts, house), facts, house)


def choose_and_compute(facts: Facts, house: House) -> Answer:
    """This function will choose the clock of a request and compute it, the law's ceiling beside it."""
    choice = _choice(facts, house)
    ceiling = _due_of_code(choice.ceiling, facts, house)
    return {
        **_due_of_code(choice.company, facts, house),
        "ceiling": choice.ceiling,
        "ceiling_target": ceiling["target"],
        "ceiling_due_date": ceiling["target"],
    }


def judge_closing(facts: Facts, house: House) -> Answer:
    """This function will judge a closing event against a due time that is stated, or computed (X-05, X-20)."""
    due_at = _due_at(facts, house)
    closed_at = facts.moment_or_none("closed_at")
    if due_at is None:
        return {"result": "paused", "due_at": None}
    if closed_at is None:
        late = judge(due_at, facts.moment_or_none("as_of") or house.now) == "broken"
        return {"result": "overdue" if late else "open", "due_at": due_at}
    result: Any = judge(due_at, closed_at)
    if result == "kept" and "evidence" in facts and not facts["evidence"]:
        result = "unproven"
    return {"result": result, "due_at": due_at}


def _due_at(facts: Facts, house: House) -> datetime | None:
    stated = facts.moment_or_none(*_STATED_MOMENT)
    if stated is not None:
        return stated
    if facts.moment_or_none(*_STATED_DAY) is None:
        due_at: datetime | None = _due_of_code(_code(facts, house), facts, house)["due_at"]
        return due_at
    if facts.get("clock") and clock_of(house.standard(facts.word("clock"))).unit in (
        Unit.HOURS,
        Unit.MINUTES,
    ):
        raise CaseIsUnsound("按小时的时限请给出 due_at 或 at，只有 due_date 无法判定。")
    return deadline_on(facts.day(*_STATED_DAY), rules_of(facts, house))


def stage_one(facts: Facts, house: House) -> Answer:
    """This function will give the due dates of a broker's first stage (BR-2 … BR-5)."""
    at = trigger(facts)
    found = {code: run(house.standard(code), at, facts, house) for code in STAGE_ONE}
    dates: Answer = {code: due.due_date for code, due in found.items()}
    return {**dates, "provisional": any(due.provisional for due in found.values())}


ACTIONS: dict[str, Action] = {
    "compute_due": action(compute, whole=["pauses"]),
    "choose_clock_and_due": action(choose_and_compute, whole=["pauses"]),
    "judge": action(judge_closing, whole=["pauses"]),
    "stage1_deadlines": action(stage_one),
}
