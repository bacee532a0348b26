"""Who may do what, read once from `rights.toml`. Which rows one may see is decided in `access.py`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from crm.refusal import Refusal


class NotAllowed(Refusal):
    """The person's role does not hold the right."""


@cache
def table() -> dict[str, dict[str, Any]]:
    """This function will read the file of rights: right → its Chinese name and the roles that hold it."""
    file = Path(__file__).with_name("rights.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def holds(role: str, right: str) -> bool:
    """This function will say whether a role holds the right; an unknown right raises KeyError."""
    return role in table()[right]["roles"]


def may(user: Any, right: str) -> bool:
    """This function will say whether the person's role holds the right; an unknown right raises KeyError."""
    return bool(user.is_active) and holds(user.role, right)


def require(user: Any, right: str) -> None:
    """This function will raise NotAllowed unless the person's role holds the right."""
    if not may(user, right):
        raise NotAllowed(f"您的岗位没有“{table()[right]['name']}”的权限，请联系机构管理者。")
