"""Calls of the API as machines make them: a token of a person, and a client that sends it."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.utils.timezone import now as read_clock

from crm.models import User
from crm.models.api import ApiScope
from crm.services import api_tokens

ALL = tuple(ApiScope.values)
_serial = count(1)


def token(person: User, scopes: tuple[str, ...] = ALL, **fields: Any) -> api_tokens.Issued:
    """This function will issue a token of the person to the person."""
    now = read_clock()
    return api_tokens.issue(
        person=person,
        name=f"测试 {next(_serial)}",
        scopes=scopes,
        expires_at=now + timedelta(days=30),
        by=fields.pop("by", person),
        now=now,
        **fields,
    )


class Machine(Client):
    """A client that sends a token, and a new Idempotency-Key with every POST unless told which."""

    def __init__(self, text: str) -> None:
        super().__init__(raise_request_exception=False)
        self.text = text

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = "new", **headers: str
    ) -> Any:
        """This function will call an operation with JSON."""
        headers = {"Authorization": f"Bearer {self.text}", **headers}
        if method == "POST" and key is not None:
            headers["Idempotency-Key"] = f"key-{next(_serial)}" if key == "new" else key
        if method != "POST" and key not in (None, "new"):
            headers["Idempotency-Key"] = str(key)
        data = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self, method.lower())(path, headers=headers, **data)


def machine(person: User, scopes: tuple[str, ...] = ALL) -> Machine:
    """This function will give a client that acts as the person."""
    return Machine(token(person, scopes).text)
