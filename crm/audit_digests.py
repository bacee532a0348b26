"""Digests of the log and of its seals: the same row gives the same digest on SQLite and PostgreSQL, for years."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

NOTHING = "0" * 64  # what the first seal names as its predecessor's hash


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


def of(columns: Mapping[str, Any]) -> str:
    """This function will digest one row, SHA-256 over canonical JSON: keys sorted, instants in UTC."""
    text = json.dumps(columns, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def written(digests: Mapping[int, str]) -> str:
    """This function will write the digests of a seal's rows, one line a row: its number and its digest."""
    return "\n".join(f"{pk} {digest}" for pk, digest in digests.items())


def read(text: str) -> dict[int, str]:
    """This function will read what `written` wrote."""
    return {int(pk): digest for pk, _space, digest in (line.partition(" ") for line in text.splitlines())}
