"""Whatever stands in a case ends in a line of the report, never in a crash; every action is tried."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm.house_rules import HouseRules
from crm.time import SHANGHAI
from crm.time.shipped import shipped_calendar
from servicing.cases.reader import Case, read_cases
from servicing.cases.registry import House
from servicing.cases.running import ACTIONS, run
from servicing.catalogue import in_book

FOLDER = Path(__file__).parents[2] / "cases"
ODD: list[Any] = [
    None,
    True,
    -1,
    10**30,
    Decimal("1.5"),
    "",
    "x",
    "2026-02-30",
    "9999-12-31",
    [],
    [None],
    [[1]],
    {},
    {"a": 1},
]


@pytest.fixture(scope="module")
def house() -> House:
    return House(shipped_calendar(), HouseRules(), in_book, datetime(2026, 3, 10, 10, tzinfo=SHANGHAI))


def known_cases() -> Iterator[Case]:
    for name in ("open.jsonl", "extra.jsonl"):
        for case in read_cases((FOLDER / name).read_text(encoding="utf-8"), name):
            if case.action in ACTIONS:
                yield case


def spoilt(case: Case) -> Iterator[Case]:
    """The case with each of its values left out, or replaced by something odd."""
    for part in ("given", "when"):
        values: dict[str, Any] = getattr(case, part)
        for key in values:
            if key == "action":
                continue
            rest = {name: value for name, value in values.items() if name != key}
            for table in (rest, *({**rest, key: odd} for odd in ODD)):
                given, when = (table, case.when) if part == "given" else (case.given, table)
                yield Case(case.id, case.area, given, when, case.expect, case.why, case.where)


class TestASpoiltCase:
    @pytest.mark.parametrize("case", list(known_cases()), ids=lambda case: case.id)
    def test_is_reported_and_nothing_crashes(self, case: Case, house: House) -> None:
        for bad in spoilt(case):
            outcome = run(bad, house)
            assert outcome.status in ("passed", "failed")
            for miss in outcome.misses:
                assert miss.refusal == "" or miss.refusal.endswith("。")
                json.dumps(miss.refusal)


class TestTheTableOfActions:
    def test_every_action_is_tried_by_a_case(self) -> None:
        tried = {case.action for case in known_cases()}
        assert set(ACTIONS) <= tried

    def test_a_festival_is_planned_up_to_the_day_itself(self, house: House) -> None:
        case = Case(
            *("F-1", "festival", {"festival": ["spring", "mid_autumn"], "year": 2026}),
            {"action": "plan_festival"},
            {
                "opens": ["2026-02-02", "2026-09-10"],
                "target": ["2026-02-14", "2026-09-24"],
                "deadline": ["2026-02-17", "2026-09-25"],
                "sms_at": ["2026-02-16T10:00:00+08:00", "2026-09-24T10:00:00+08:00"],
                "provisional": False,
            },
            *("", ""),
        )
        assert run(case, house).misses == ()
