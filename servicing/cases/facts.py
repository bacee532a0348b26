"""What one position of a case states, read strictly: a missing or misspelt value is a sentence, never a crash."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from crm import iso
from crm.refusal import Refusal
from crm.time.clocks import PauseSpan
from servicing import trial


class CaseIsUnsound(Refusal):
    """The case misses something, or says it in a way that the action does not understand."""


class Facts(Mapping[str, Any]):
    """The given and the when of a case at one position, as one table."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """This function will keep the values."""
        self._values = dict(values)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def need(self, *names: str) -> Any:
        """This function will give the first of the named values that the case states; raises CaseIsUnsound."""
        for name in names:
            if self._values.get(name) is not None:
                return self._values[name]
        raise CaseIsUnsound(f"用例缺少“{'”或“'.join(names)}”。")

    def word(self, name: str, default: str | None = None) -> str:
        """This function will give a text."""
        value = self.need(name) if default is None else self._values.get(name, default)
        if not isinstance(value, str):
            raise CaseIsUnsound(f"用例的“{name}”应为文字，实为 {value!r}。")
        return value

    def whole(self, *names: str, default: int | None = None) -> int:
        """This function will give a whole number."""
        stated = any(self._values.get(name) is not None for name in names)
        value = default if default is not None and not stated else self.need(*names)
        if not isinstance(value, int) or isinstance(value, bool):
            raise CaseIsUnsound(f"用例的“{names[0]}”应为整数，实为 {value!r}。")
        return value

    def number(self, name: str) -> Decimal:
        """This function will give an exact number."""
        try:
            return Decimal(self.need(name))
        except (InvalidOperation, TypeError, ValueError):
            raise CaseIsUnsound(f"用例的“{name}”应为数，实为 {self._values.get(name)!r}。") from None

    def day(self, *names: str) -> date:
        """This function will give a date, of a moment its Shanghai date."""
        return iso.day(self.need(*names))

    def moment(self, *names: str) -> datetime:
        """This function will give a moment; a date alone is its 00:00."""
        return iso.moment(self.need(*names))

    def moment_or_none(self, *names: str) -> datetime | None:
        """This function will give a moment, or None where the case states none."""
        stated = any(self._values.get(name) is not None for name in names)
        return self.moment(*names) if stated else None

    def listed(self, *names: str) -> list[Any]:
        """This function will give a list; a single value is a list of one, nothing is an empty one."""
        value: Any = next((self._values[name] for name in names if self._values.get(name) is not None), [])
        return value if isinstance(value, list) else [value]

    def table(self, name: str) -> dict[str, Any]:
        """This function will give a table of named values."""
        value = self.need(name)
        if not isinstance(value, dict):
            raise CaseIsUnsound(f"用例的“{name}”应为 {{…}}，实为 {value!r}。")
        return value

    def pauses(self) -> list[PauseSpan]:
        """This function will give the pauses; one without an end is open (rulebook X-13)."""
        return [_pause(one) for one in self.listed("pauses", "pause")]


def _pause(raw: Any) -> PauseSpan:
    if isinstance(raw, str):
        return trial.read_pause(raw)
    if not isinstance(raw, dict) or not isinstance(raw.get("from"), str):
        raise CaseIsUnsound(f"用例的暂停 {raw!r} 应写成 {{“from”: …, “to”: …}}。")
    return trial.pause(raw["from"], raw.get("to"), str(raw.get("reason") or ""))


def only_moment(facts: Facts, ignoring: Sequence[str]) -> datetime:
    """This function will find the one value of a case that is a date or moment, whatever it is called.

    Cases name the trigger by its event (documents_complete, entrusted_on …). Raises CaseIsUnsound where none
    or several stand there.
    """
    found = []
    for name, value in facts.items():
        if name in ignoring or not isinstance(value, str):
            continue
        try:
            found.append((name, iso.moment(value)))
        except iso.MomentIsUnreadable:
            continue
    if len(found) != 1:
        names = "、".join(name for name, _ in found) or "无"
        raise CaseIsUnsound(f"用例的起算时刻不明确（写有日期的项：{names}），请写在“at”里。")
    return found[0][1]
