"""What a case may ask for: the table of actions. An action is a function of the facts and the house."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.house_rules import HouseRules
from crm.time.calendar import WorkCalendar
from servicing.cases.facts import Facts
from servicing.clocks import Limit


@dataclass(frozen=True, slots=True)
class House:
    """What the functions are told: the calendar, the settings, the standards, and the door's moment."""

    calendar: WorkCalendar
    rules: HouseRules
    standard: Callable[[str], Limit]
    now: datetime


Answer = dict[str, Any]
Perform = Callable[[Facts, House], Answer]


@dataclass(frozen=True, slots=True)
class Action:
    """One action; `whole` names the lists that belong to one position, all other lists pair up by position."""

    perform: Perform
    whole: frozenset[str] = frozenset()


def action(perform: Perform, whole: Iterable[str] = ()) -> Action:
    """This function will make an action."""
    return Action(perform, frozenset(whole))
