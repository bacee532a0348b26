"""Running cases: every action of the areas in one table, one case at a time, misses with what was expected and got."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from crm.refusal import Refusal
from servicing.cases import care, clocks, rates, renewals, stars, statutory, tiers, yearly
from servicing.cases.comparing import agrees, plain
from servicing.cases.facts import CaseIsUnsound
from servicing.cases.pairing import positions
from servicing.cases.reader import Case
from servicing.cases.registry import Action, Answer, House

ACTIONS: dict[str, Action] = {
    **clocks.ACTIONS,
    **statutory.ACTIONS,
    **care.ACTIONS,
    **renewals.ACTIONS,
    **yearly.ACTIONS,
    **rates.ACTIONS,
    **tiers.ACTIONS,
    **stars.ACTIONS,
}


@dataclass(frozen=True, slots=True)
class Miss:
    """One expected value that did not come out; `refusal` is the sentence where nothing came out."""

    key: str
    expected: Any
    got: Any
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case went."""

    case: Case
    status: Literal["passed", "failed", "unknown"]
    misses: tuple[Miss, ...] = ()


def run_all(cases: Iterable[Case], house: House) -> Iterator[Outcome]:
    """This function will run cases one by one."""
    return (run(case, house) for case in cases)


def run(case: Case, house: House) -> Outcome:
    """This function will run one case; an action that the product does not know is `unknown`, not failed."""
    action = ACTIONS.get(case.action)
    if action is None:
        return Outcome(case, "unknown")
    try:
        found = _answer(case, action, _house_of(case, house))
    except Refusal as refusal:
        return Outcome(case, "failed", (Miss("", case.expect, None, refusal.message),))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # An institution writes its own cases: whatever stands there must end in a line, not in a crash.
        words = f"用例写法有误，无法运行（{type(error).__name__}：{error}）。"
        return Outcome(case, "failed", (Miss("", case.expect, None, words),))
    misses = tuple(_misses(case.expect, found))
    return Outcome(case, "failed" if misses else "passed", misses)


def _house_of(case: Case, house: House) -> House:
    """The house with the case's own settings over it; raises SettingDoesNotExist, SettingHasWrongValue."""
    settings = case.given.get("settings", {})
    if not isinstance(settings, dict):
        raise CaseIsUnsound("用例的“settings”应为 {…}。")
    return replace(house, rules=house.rules.with_overrides(settings))


def _answer(case: Case, action: Action, house: House) -> Answer:
    """The answers at all positions: single values where the case has no lists, else one list a key."""
    each, many = positions(case, action)
    answers: list[Answer] = [plain(action.perform(facts, house)) for facts in each]
    if not many:
        return answers[0]
    keys = dict.fromkeys(key for one in answers for key in one)
    return {key: [one.get(key) for one in answers] for key in keys}


def _misses(expect: Answer, found: Answer) -> Iterator[Miss]:
    for key, expected in expect.items():
        if key not in found:
            yield Miss(key, expected, None, f"这个动作不给出“{key}”。")
        elif not agrees(expected, found[key]):
            yield Miss(key, expected, found[key])
