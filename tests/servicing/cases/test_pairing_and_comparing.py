"""Lists that pair up by position, and what counts as the same answer."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crm.time import SHANGHAI
from servicing.cases.comparing import agrees, plain, shown
from servicing.cases.facts import CaseIsUnsound, Facts
from servicing.cases.pairing import positions
from servicing.cases.reader import Case
from servicing.cases.registry import action


def perform(_facts: Facts, _house: object) -> dict[str, Any]:
    return {}


def of(
    given: dict[str, Any], when: dict[str, Any] | None = None, whole: tuple[str, ...] = ()
) -> tuple[list[dict[str, Any]], bool]:
    case = Case("x", "", given, {"action": "a", **(when or {})}, {"k": 1}, "", "")
    each, many = positions(case, action(perform, whole))
    return [dict(one) for one in each], many


class TestLists:
    def test_single_values_are_one_position(self) -> None:
        assert of({"at": "x"}, {"clock": "y"}) == ([{"at": "x", "clock": "y"}], False)

    def test_pair_up_with_each_other_and_with_single_values(self) -> None:
        each, many = of({"at": "x", "tiers": ["ordinary", "silver"]}, {"clock": ["a", "b"]})
        assert many
        assert [(one["at"], one["tier"], one["clock"]) for one in each] == [
            ("x", "ordinary", "a"),
            ("x", "silver", "b"),
        ]

    def test_of_different_lengths_are_refused(self) -> None:
        with pytest.raises(CaseIsUnsound, match=r"长短不一.*at、clock"):
            of({"at": ["x"]}, {"clock": ["a", "b"]})

    def test_that_belong_to_one_position_stay_whole(self) -> None:
        assert of({"pauses": ["a", "b"]}, whole=("pauses",)) == ([{"pauses": ["a", "b"]}], False)

    def test_of_lists_pair_up_even_so(self) -> None:
        each, _ = of({"pauses": [["a"], []], "at": ["x", "y"]}, whole=("pauses",))
        assert [one["pauses"] for one in each] == [["a"], []]

    def test_of_objects_spread_over_their_positions(self) -> None:
        each, _ = of({"persons": [{"lunar_month": 8}, {"lunar_month": 12}]})
        assert [one["lunar_month"] for one in each] == [8, 12]

    def test_an_empty_list_pairs_with_nothing(self) -> None:
        assert of({"pauses": [], "at": "x"}) == ([{"pauses": [], "at": "x"}], False)

    def test_settings_are_no_facts(self) -> None:
        assert of({"settings": {"a": 1}, "at": "x"}) == ([{"at": "x"}], False)


class TestAnswers:
    @pytest.mark.parametrize(
        ("expected", "got"),
        [
            ("2026-02-26", "2026-02-26"),
            (None, None),
            (None, []),
            (["a", None], ["a", None]),
            ("2026-03-16T08:30:00Z", "2026-03-16T16:30:00+08:00"),
            ("2026-03-16T16:30+08:00", "2026-03-16T16:30:00+08:00"),
            (True, [True, True]),
            ("x", ["x", "x"]),
            (["a", "b", "c"], [["a"], [], ["b", "c"]]),
            ([["a"], []], [["a"], []]),
            (Decimal("64000.00"), "64000.00"),
            (20, 20),
            ({"a": 1}, {"a": 1, "b": 2}),
        ],
    )
    def test_that_agree(self, expected: Any, got: Any) -> None:
        assert agrees(expected, got)

    @pytest.mark.parametrize(
        ("expected", "got"),
        [
            ("2026-02-26", "2026-02-27"),
            ("2026-02-26", "2026-02-26T00:00:00+08:00"),
            ("2026-03-16T16:30:01+08:00", "2026-03-16T16:30:00+08:00"),
            (None, "2026-02-26"),
            ("2026-02-26", None),
            (1, True),
            (True, 1),
            (False, 0),
            (["a"], ["a", "b"]),
            (["a"], "a"),
            ("x", []),
            ("x", ["x", "y"]),
            ({"a": 1, "c": 1}, {"a": 1}),
            (Decimal("64000"), "64000.00"),
        ],
    )
    def test_that_differ(self, expected: Any, got: Any) -> None:
        assert not agrees(expected, got)

    def test_are_shown_as_a_case_file_writes_them(self) -> None:
        at = datetime(2026, 3, 16, 16, 30, tzinfo=SHANGHAI)
        assert plain((date(2026, 3, 16), at, Decimal("1.50"), {"k": [at]})) == [
            "2026-03-16",
            "2026-03-16T16:30:00+08:00",
            "1.50",
            {"k": ["2026-03-16T16:30:00+08:00"]},
        ]
        assert shown(["常规", None, True]) == '["常规", null, true]'
