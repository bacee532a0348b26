"""The catalogue of faults cannot rot: its tests exist, its guards are mutations, and docs/faults.md tells of each."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.test_mutations import TABLE, defined

ROOT = Path(__file__).resolve().parents[2]
FAULTS = tomllib.loads((ROOT / "tests" / "faults.toml").read_text(encoding="utf-8"))["fault"]


@pytest.mark.parametrize("one", FAULTS, ids=lambda one: one["id"])
class TestAFault:
    def test_has_tests_that_exist(self, one: dict[str, Any]) -> None:
        for test in one["tests"]:
            path, *names = test.split("::")
            assert defined(ast.parse((ROOT / path).read_text(encoding="utf-8")), names), test

    def test_has_guards_that_are_taken_away(self, one: dict[str, Any]) -> None:
        assert one["guards"]
        assert set(one["guards"]) <= {mutation["name"] for mutation in TABLE}

    def test_stands_in_the_table(self, one: dict[str, Any]) -> None:
        page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
        assert f"| {one['id']} | {one['what']} | {one['expected']} |" in page
