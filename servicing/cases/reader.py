"""Reading case files: JSON Lines, each line one case with an id, what is given, what is done and what is expected."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crm.refusal import Refusal


class CaseFileIsBroken(Refusal):
    """A line is not a case; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case and where it stands."""

    id: str
    area: str
    given: dict[str, Any]
    when: dict[str, Any]
    expect: dict[str, Any]
    why: str
    where: str

    @property
    def action(self) -> str:
        """This function will name what is done; a case that does several things at once joins their names."""
        action = self.when["action"]
        return "+".join(action) if isinstance(action, list) else action


def read_cases(text: str, name: str) -> Iterator[Case]:
    """This function will read the cases of a file in order, leaving blank lines out; raises CaseFileIsBroken."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _case(line, f"{name} 第 {number} 行")


def _case(line: str, where: str) -> Case:
    try:
        # Amounts stay exact; NaN and Infinity are no JSON.
        raw = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
    except ValueError as error:
        raise CaseFileIsBroken(f"{where}不是合法的 JSON：{error}。") from None
    except RecursionError:
        raise CaseFileIsBroken(f"{where}嵌套太深，无法读取。") from None
    if not isinstance(raw, dict):
        raise CaseFileIsBroken(f"{where}不是一个用例：应为 {{…}}。")
    given, when, expect = (_table(raw, key, where) for key in ("given", "when", "expect"))
    action = when.get("action")
    if not (
        isinstance(action, str) or (isinstance(action, list) and all(isinstance(a, str) for a in action))
    ):
        raise CaseFileIsBroken(f"{where}的用例没有写明 when.action。")
    if not expect:
        raise CaseFileIsBroken(f"{where}的用例没有写明 expect，无从比对。")
    return Case(
        id=str(raw.get("id") or where),
        area=str(raw.get("area") or ""),
        given=given,
        when=when,
        expect=expect,
        why=str(raw.get("why") or ""),
        where=where,
    )


def _table(raw: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, dict):
        raise CaseFileIsBroken(f"{where}的“{key}”应为 {{…}}。")
    return value


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} 不是数")
