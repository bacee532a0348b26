"""Lists in a case pair up by position (rulebook Part 8): one position is one small case with single values."""

from collections.abc import Mapping
from typing import Any

from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.cases.reader import Case
from servicing.cases.registry import Action

# A plural in a case is the list of this singular; an object in a list spreads over the position.
SINGULAR = {
    "tiers": "tier",
    "stars": "star",
    "years": "year",
    "lunar_years": "lunar_year",
    "clocks": "clock",
    "rules": "rule",
    "festivals": "festival",
}


def positions(case: Case, action: Action) -> tuple[list[Facts], bool]:
    """This function will give the positions of a case, and whether it has lists at all.

    Raises CaseIsUnsound where two lists have different lengths.
    """
    values = {key: one for key, one in (case.given | case.when).items() if key not in ("settings", "action")}
    paired = {key: one for key, one in values.items() if _pairs_up(key, one, action)}
    if not paired:
        return [Facts(values)], False
    lengths = {len(one) for one in paired.values()}
    if len(lengths) != 1:
        raise CaseIsUnsound(f"用例的列表长短不一，无法按位置对应：{'、'.join(sorted(paired))}。")
    return [Facts(_at(values, paired, number)) for number in range(lengths.pop())], True


def _pairs_up(key: str, value: Any, action: Action) -> bool:
    """A list that belongs to one position pairs up only where each position has a list of its own."""
    if not isinstance(value, list) or not value:
        return False
    return key not in action.whole or all(isinstance(one, list) for one in value)


def _at(values: Mapping[str, Any], paired: Mapping[str, list[Any]], number: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        one = paired[key][number] if key in paired else value
        if key in paired and isinstance(one, dict):
            found.update(one)
        found[SINGULAR.get(key, key) if key in paired and not isinstance(one, list) else key] = one
    return found
