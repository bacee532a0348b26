"""The table of mutations cannot rot: what it would change stands in the code, and the tests it names exist."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = tomllib.loads((ROOT / "tests" / "mutations.toml").read_text(encoding="utf-8"))["mutation"]


def defined(node: ast.AST, names: list[str]) -> bool:
    """This function will say whether a class or function stands where the names lead."""
    if not names:
        return True
    return any(
        defined(one, names[1:])
        for one in ast.iter_child_nodes(node)
        if isinstance(one, ast.ClassDef | ast.FunctionDef) and one.name == names[0]
    )


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one["name"])
class TestAMutation:
    def test_changes_something_that_stands_once(self, one: dict[str, Any]) -> None:
        text = (ROOT / one["file"]).read_text(encoding="utf-8")

        assert text.count(one["was"]) == 1
        assert one["was"] != one["becomes"]

    def test_leaves_a_file_that_can_be_read(self, one: dict[str, Any]) -> None:
        text = (ROOT / one["file"]).read_text(encoding="utf-8")

        ast.parse(text.replace(one["was"], one["becomes"]))

    def test_names_a_test_that_exists(self, one: dict[str, Any]) -> None:
        path, *names = one["test"].partition("[")[0].split("::")

        assert defined(ast.parse((ROOT / path).read_text(encoding="utf-8")), names)


class TestTheTable:
    def test_names_each_guard_once(self) -> None:
        names = [one["name"] for one in TABLE]

        assert len(names) == len(set(names))
