"""Cases of rates and of the 48 hours after an event (X-22, CL-10)."""

from collections import Counter
from typing import Any

from crm.time.clocks import compute_due, judge
from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.cases.registry import Action, Answer, House, action
from servicing.clocks import clock_of
from servicing.kept_rate import on_time_rate

_COUNTED = {
    "kept": "kept",
    "broken": "broken",
    "unproven": "unproven",
    "overdue": "overdue",
    "overdue_open": "overdue",
}


def on_time(facts: Facts, _house: House) -> Answer:
    """This function will give numerator, denominator and rate of what fell due, and what stayed out.

    Several tables of counts are several rates.
    """
    items = facts.get("items")
    if isinstance(items, list) and items and all(isinstance(one, dict) for one in items):
        rates = [_rate(one) for one in items]
        return {key: [one[key] for one in rates] for key in rates[0]}
    return _rate(items)


def _rate(items: Any) -> Answer:
    counted: Counter[str] = Counter()
    excluded: Counter[str] = Counter()
    for name, number in _numbers(items).items():
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise CaseIsUnsound(f"用例的“{name}”应为不小于 0 的整数，实为 {number!r}。")
        if name in _COUNTED:
            counted[_COUNTED[name]] += number
        else:
            excluded[name] += number
    found = on_time_rate(**counted, excluded=excluded)
    return {
        "numerator": found.numerator,
        "denominator": found.denominator,
        "rate": found.text,
        "excluded": sum(excluded.values()),
    }


def _numbers(items: Any) -> dict[str, Any]:
    """Counts by state, as a table or as the list of states to be counted."""
    if isinstance(items, dict):
        return items
    if isinstance(items, list) and all(isinstance(one, str) for one in items):
        return dict(Counter(items))
    raise CaseIsUnsound(f"用例的“items”应为各状态的件数，实为 {items!r}。")


def recovered(facts: Facts, house: House) -> Answer:
    """This function will say until when a signed case counts as recovered, and whether a payment did."""
    clock = clock_of(house.standard("CL-48h"))
    due = compute_due(clock, facts.moment("event_end", "at"), calendar=house.calendar, with_steps=False)
    paid_at = facts.moment_or_none("paid_at")
    assert due.due_at is not None  # an hour clock never pauses
    return {
        "deadline": due.due_at,
        "due_at": due.due_at,
        "in_time": paid_at is not None and judge(due.due_at, paid_at) == "kept",
    }


ACTIONS: dict[str, Action] = {
    "on_time_rate": action(on_time, whole=["items"]),
    "recovered_in_48h": action(recovered),
}
