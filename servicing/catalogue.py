"""The shipped catalogue: every limit of the rule book as one entry, read from `servicing/standards/*.toml`.

Files in, values out, no rows. Publishing entries as versions lives in `servicing.services.standards`.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from crm.refusal import Refusal
from servicing.clocks import CalendarUnit, may_pause
from servicing.models.commitment import PauseReason
from servicing.models.standard import Authority, Programme, ServiceStandard

FOLDER = Path(__file__).with_name("standards")


class StandardIsUnsound(Refusal):
    """An entry misses something or contradicts itself."""


class NoSuchStandard(Refusal):
    """No standard of that code is in force."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One limit as it is written down: PA-18.1.3, a VIP's policy change, 2 working days."""

    code: str
    programme: str
    rule: str
    name: str
    wording: str
    kind: str
    authority: str
    start: str
    finish: str
    unit: str
    amount: int
    tiers: tuple[str, ...] = ()
    pause_reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    sourced: bool = True

    def __post_init__(self) -> None:
        """This function will refuse an entry that no clock and no page could use."""
        empty = [one.name for one in fields(self) if getattr(self, one.name) == ""]
        if empty:
            raise StandardIsUnsound(f"服务标准“{self.code}”缺少：{'、'.join(empty)}。")
        if self.programme not in Programme.values or self.authority not in Authority.values:
            raise StandardIsUnsound(f"服务标准“{self.code}”的服务体系或效力不正确。")
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or self.amount < 0:
            raise StandardIsUnsound(f"服务标准“{self.code}”的数量应为不小于 0 的整数。")
        if self.unit not in CalendarUnit.everything():
            raise StandardIsUnsound(f"服务标准“{self.code}”的单位“{self.unit}”不认识。")
        if not set(self.pause_reasons) <= set(PauseReason.values):
            raise StandardIsUnsound(f"服务标准“{self.code}”列出了不认识的暂停原因。")
        if self.pause_reasons and not may_pause(self.unit):
            raise StandardIsUnsound(f"服务标准“{self.code}”不按天计时，不能暂停（X-10、X-13）。")

    @property
    def digest(self) -> str:
        """This function will give the fingerprint of all that the entry says."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def entry_of(standard: ServiceStandard) -> Entry:
    """This function will write a published version back as an entry."""
    return _entry({one.name: getattr(standard, one.name) for one in fields(Entry)})


@cache
def shipped() -> dict[str, Entry]:
    """This function will read the shipped catalogue, code by code, in the order of the files."""
    found: dict[str, Entry] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in read_file(path.read_text(encoding="utf-8")):
            if entry.code in found:
                raise StandardIsUnsound(f"服务标准“{entry.code}”在目录中出现两次，请只保留一处。")
            found[entry.code] = entry
    return found


def in_book(code: str) -> Entry:
    """This function will give the rule book's own entry of a code; raises NoSuchStandard."""
    if code not in shipped():
        raise NoSuchStandard(missing_sentence(code, shipped()))
    return shipped()[code]


def missing_sentence(code: str, codes: Iterable[str]) -> str:
    """This function will say that a code is unknown, and which known ones look like it; or that its time is not."""
    known = list(codes)
    if code in known:
        return f"服务标准“{code}”在这一时刻没有生效的版本，请核对起算时刻。"
    near = get_close_matches(code, known, n=3, cutoff=0.5)
    hint = f"是否指：{'、'.join(near)}？" if near else "请核对编号。"
    return f"没有编号为“{code}”的有效服务标准，{hint}"


def read_file(text: str) -> list[Entry]:
    """This function will read one catalogue file; raises StandardIsUnsound for what is missing or unknown."""
    raw = tomllib.loads(text)
    common = {key: raw.get(key) for key in ("programme", "authority")}
    return [_entry({**common, **one}) for one in raw.get("standard", [])]


def _entry(raw: dict[str, Any]) -> Entry:
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in raw.items()}
    try:
        return Entry(**values)
    except TypeError as error:
        raise StandardIsUnsound(f"服务标准“{raw.get('code', '')}”写法不对：{error}。") from None
