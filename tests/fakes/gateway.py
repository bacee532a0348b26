"""A gateway to send to in tests and by hand: every accept is recorded, and the record is the truth.

By hand: `python -m tests.fakes.gateway --port 9100 --fault drop --share 0.1`, then MESSAGE_PROVIDER=gateway,
MESSAGE_GATEWAY_URL=http://127.0.0.1:9100 and MESSAGE_GATEWAY_SECRETS as it prints. See docs/gateway.md.
"""

import argparse
import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from crm.providers import signing

SECRET = "fake-gateway-secret-0123456789"
# What a request may meet. "drop" and "late" lose the answer after the message was taken.
FAULTS = (
    "500",
    "429",
    "401",
    "slow",
    "drop",
    "drop_before",
    "late_500",
    "garbage",
    "list",
    "huge",
    "redirect",
    "no",
    "not_now",
)


@dataclass
class FakeGateway:
    """What the gateway knows and how it behaves. `fault` strikes with the chance `share`, or `turns` times."""

    secrets: tuple[str, ...] = (SECRET,)
    fault: str = ""
    share: float = 1.0
    turns: int | None = None
    delay: float = 0.0
    seed: int = 1
    record: Path | None = None
    address: str = ""
    accepted: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    fates: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    at: dict[str, str] = field(default_factory=dict)
    in_flight: int = 0
    most_in_flight: int = 0
    asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _chance: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        """This function will seed the dice."""
        self._chance.seed(self.seed)

    @property
    def doubled(self) -> list[str]:
        """The serials that were taken more than once."""
        return [serial for serial, times in Counter(self.accepted).items() if times > 1]

    def strikes(self) -> str:
        """This function will say which fault this request meets."""
        with self._lock:
            if not self.fault or self.turns == 0 or self._chance.random() >= self.share:
                return ""
            if self.turns is not None:
                self.turns -= 1
            self.refused[self.fault] += 1
            return self.fault

    def take(self, content: dict[str, Any]) -> str:
        """This function will take a message, whether or not its serial was taken before: the judge does not help."""
        serial = content["serial"]
        with self._lock:
            self.accepted.append(serial)
            self.texts[serial] = content["text"]
            self.fates.setdefault(serial, "accepted")
            self.at.setdefault(serial, datetime.now(UTC).isoformat())
            if self.record is not None:
                with self.record.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps({"serial": serial, "at": self.at[serial]}) + "\n")
        return f"gw-{serial}"

    def receipt(
        self, serial: str, status: str, *, event: str = "", at: str = "", **more: str
    ) -> dict[str, str]:
        """This function will write one receipt."""
        known = {"serial": serial, "status": status, "reference": f"gw-{serial}"}
        return (
            known | {"event": event or f"{serial}-{status}", "at": at or datetime.now(UTC).isoformat()} | more
        )

    def signed(
        self,
        events: list[dict[str, str]],
        *,
        at: datetime,
        name: str = "batch",
        secrets: tuple[str, ...] = (),
    ) -> tuple[bytes, dict[str, str]]:
        """This function will sign a push of receipts: its body and headers."""
        body = json.dumps({"events": events}, ensure_ascii=False).encode()
        return body, signing.headers(
            name, timestamp=int(at.timestamp()), body=body, secrets=secrets or self.secrets
        )


class Answers(BaseHTTPRequestHandler):
    """The gateway's two addresses: POST /messages and GET /messages/<serial>."""

    gateway: FakeGateway
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_POST(self) -> None:
        """This function will take one message, with the fault that strikes."""
        with self._counted():
            body = self._body()
            if body is None or self.path != "/messages":
                return
            fault = self.gateway.strikes()
            time.sleep(self.gateway.delay)
            before = {"500": 500, "429": 429, "401": 401, "redirect": 302}
            if fault in before:
                self._say(before[fault], {"status": "error"}, location="/elsewhere")
            elif fault == "no":
                self._say(
                    422, {"status": "refused", "code": "INVALID", "message": "号码无效", "permanent": True}
                )
            elif fault == "not_now":
                self._say(
                    200, {"status": "refused", "code": "LIMIT", "message": "该号码超限", "permanent": False}
                )
            elif fault == "drop_before":
                self._drop()
            elif fault == "slow":
                time.sleep(60 if self.gateway.delay == 0 else self.gateway.delay)
                self._drop()
            else:
                self._accept(json.loads(body), fault)

    def _accept(self, content: dict[str, Any], fault: str) -> None:
        reference = self.gateway.take(content)
        if fault == "drop":
            self._drop()
        elif fault == "late_500":
            self._say(500, {"status": "error"})
        elif fault == "garbage":
            self._raw(200, b"\xff\xfe<html>not json</html>")
        elif fault == "list":
            self._raw(200, b"[1, 2]")
        elif fault == "huge":
            self._raw(200, b'{"status": "accepted", "x": "' + b"x" * 200_000 + b'"}')
        else:
            self._say(200, {"status": "accepted", "reference": reference})

    def do_GET(self) -> None:
        """This function will say what became of a serial."""
        with self._counted():
            self.gateway.asked += 1
            if self._body() is None:
                return
            if self.gateway.fault == "500" and self.gateway.strikes():
                self._say(500, {"status": "error"})
                return
            serial = self.path.removeprefix("/messages/")
            fate = self.gateway.fates.get(serial)
            if fate is None:
                self._say(404, {"status": "unseen"})
                return
            known = {"status": fate, "reference": f"gw-{serial}", "at": self.gateway.at[serial]}
            self._say(200, known | ({"message": "停机"} if fate == "failed" else {}))

    def log_message(self, format: str, *args: Any) -> None:
        """This function will keep quiet."""

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self.gateway._lock:
            self.gateway.in_flight += 1
            self.gateway.most_in_flight = max(self.gateway.most_in_flight, self.gateway.in_flight)
        try:
            yield
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with self.gateway._lock:
                self.gateway.in_flight -= 1

    def _body(self) -> bytes | None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        given = {key.lower(): value for key, value in self.headers.items()}
        at = float(given.get(signing.TIMESTAMP, "0"))  # tests have a clock of their own
        if signing.is_genuine(given, body=body, secrets=self.gateway.secrets, at=at):
            return body
        self.gateway.refused["forged"] += 1
        self._say(401, {"status": "error"})
        return None

    def _say(self, status: int, content: dict[str, Any], location: str = "") -> None:
        self._raw(status, json.dumps(content, ensure_ascii=False).encode(), location)

    def _raw(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        if location:
            self.send_header("location", location)
        self.end_headers()
        self.wfile.write(body)

    def _drop(self) -> None:
        """Ends the connection with a reset instead of an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A dropped connection is what this server is for."""


@contextmanager
def running(gateway: FakeGateway, *, port: int = 0) -> Iterator[FakeGateway]:
    """This function will serve a gateway on a free port of this machine while the block runs."""
    server = _Server(("127.0.0.1", port), type("Handler", (Answers,), {"gateway": gateway}))
    gateway.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """This function will serve one until it is stopped."""
    reader = argparse.ArgumentParser(description="A fake SMS gateway on this machine.")
    reader.add_argument("--port", type=int, default=9100)
    reader.add_argument("--secret", default=SECRET)
    reader.add_argument("--fault", choices=FAULTS, default="")
    reader.add_argument("--share", type=float, default=1.0, help="how often the fault strikes, 0 to 1")
    reader.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    reader.add_argument("--record", type=Path, help="a file that gets one line per accept")
    given = reader.parse_args()
    gateway = FakeGateway((given.secret,), given.fault, given.share, delay=given.delay, record=given.record)
    with running(gateway, port=given.port):
        print(f"MESSAGE_GATEWAY_URL={gateway.address} MESSAGE_GATEWAY_SECRETS={given.secret}", flush=True)
        while True:
            time.sleep(10)
            print(f"accepted {len(gateway.accepted)}, twice {len(gateway.doubled)}", flush=True)


if __name__ == "__main__":
    main()
