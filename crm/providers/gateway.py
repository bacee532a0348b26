"""A generic SMS gateway over signed HTTP: one POST a message, one GET to ask what became of a serial.

What it must answer stands in docs/gateway.md. Whatever is not a clear yes or a clear no is an exception, which
means that nobody knows.
"""

import json
import time
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from crm.providers import signing
from crm.providers.base import (
    Accepted,
    CannotBeAsked,
    Delivered,
    Fate,
    NeverLeft,
    Outgoing,
    Refused,
    Undelivered,
)

TIMEOUT = httpx.Timeout(10.0, connect=3.0, pool=3.0)
ANSWER_SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SECRET_LENGTH = 24
REFERENCE_LENGTH = 60
OK = frozenset({200, 201, 202})
CONFLICT, NOT_FOUND = 409, 404
# The gateway as a whole cannot take messages now, or does not know us: not this message's fault.
BUSY = {429: "服务商限流", 401: "服务商不认签名", 403: "服务商拒绝访问", 408: "服务商未收全请求"}


class GarbledAnswer(Exception):
    """The far side answered something that is neither yes nor no."""


class GatewayProvider:
    """Hands messages to the gateway at an address; every request is signed with all secrets."""

    name = "gateway"
    reports_delivery = True

    def __init__(self, address: str, secrets: Sequence[str], *, per_second: float) -> None:
        """This function will keep the address; it refuses plain http to another machine and short secrets."""
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ImproperlyConfigured("MESSAGE_GATEWAY_URL 须为 https 地址；只有本机地址可以用 http。")
        if not secrets or min(len(one) for one in secrets) < SECRET_LENGTH:
            raise ImproperlyConfigured(f"MESSAGE_GATEWAY_SECRETS 每个密钥至少 {SECRET_LENGTH} 个字符。")
        self.address, self.secrets = address.rstrip("/"), tuple(secrets)
        self.per_second: float | None = per_second

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will post one message and read the answer as yes, no, or raise because nobody knows."""
        if not message.to:
            return Refused("没有接收地址")
        content = {"serial": message.serial, "to": message.to, "kind": message.kind, "text": message.body}
        body = json.dumps(content, ensure_ascii=False).encode()
        status, answer = self._ask("POST", f"{self.address}/messages", message.serial, body, now=now)
        if status in BUSY:
            return Refused(BUSY[status], lasting=False, of_provider=True)
        said = _read(answer)
        if (status in OK or status == CONFLICT) and said.get("status") in ("accepted", "delivered"):
            return Accepted(_reference(said), now)
        if (status in OK or 400 <= status < 500) and said.get("status") == "refused":
            code, words = _text(said, "code"), _text(said, "message")
            return Refused(
                f"{words}（{code}）" if words else code, lasting=said.get("permanent") is not False
            )
        raise GarbledAnswer(f"HTTP {status}")

    def query(self, serial: str, *, now: datetime) -> Fate:
        """This function will ask what became of a serial; anything but a clear answer is CannotBeAsked."""
        try:
            address = f"{self.address}/messages/{quote(serial, safe='')}"
            status, answer = self._ask("GET", address, serial, b"", now=now)
            said = _read(answer)
            fate = said.get("status")
            if status == NOT_FOUND and fate == "unseen":
                return None
            if status in OK and fate == "failed":
                return Undelivered(_text(said, "message") or _text(said, "code") or "未送达", _at(said))
            if status in OK and fate == "delivered":
                return Delivered(_reference(said), _at(said))
            if status in OK and fate == "accepted":
                return Accepted(_reference(said), _at(said))
        except (NeverLeft, httpx.HTTPError, GarbledAnswer) as error:
            raise CannotBeAsked(str(error)) from error
        raise CannotBeAsked(f"HTTP {status}")

    def _ask(
        self, method: str, address: str, serial: str, body: bytes, *, now: datetime
    ) -> tuple[int, bytes]:
        signed = signing.headers(serial, timestamp=int(now.timestamp()), body=body, secrets=self.secrets)
        given = {**signed, "content-type": "application/json", "accept-encoding": "identity"}
        try:
            with _client().stream(method, address, content=body or None, headers=given) as response:
                return response.status_code, _body(response)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.UnsupportedProtocol,
        ) as error:
            raise NeverLeft(f"连接不上服务商：{type(error).__name__}") from error


@cache
def _client() -> httpx.Client:
    """One client a process: connections are kept, proxies of the environment are not used, redirects not followed."""
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)


def _body(response: httpx.Response) -> bytes:
    """Reads an answer as far as it may be long and may take; more is no answer."""
    until, got = time.monotonic() + ANSWER_SECONDS, b""
    for piece in response.iter_raw():
        got += piece
        if len(got) > ANSWER_BYTES or time.monotonic() > until:
            raise GarbledAnswer("answer too long")
    return got


def _read(answer: bytes) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise GarbledAnswer("not JSON") from error
    if not isinstance(said, dict):
        raise GarbledAnswer("not an object")
    return said


def _text(said: dict[str, Any], key: str) -> str:
    value = said.get(key, "")
    return value[:80].replace("\x00", "") if isinstance(value, str) else ""


def _reference(said: dict[str, Any]) -> str:
    reference = _text(said, "reference")
    if not reference or len(reference) > REFERENCE_LENGTH:
        raise GarbledAnswer("no reference")
    return reference


def _at(said: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(_text(said, "at"))
    except ValueError as error:
        raise GarbledAnswer("no time") from error
    if at.tzinfo is None:
        raise GarbledAnswer("no zone")
    return at


def from_settings() -> GatewayProvider:
    """This function will make the provider that the settings describe."""
    return GatewayProvider(
        settings.MESSAGE_GATEWAY_URL, settings.MESSAGE_GATEWAY_SECRETS, per_second=settings.MESSAGE_RATE
    )
