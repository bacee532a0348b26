"""People at browsers, outside the installation: each has a connection and a login of their own."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import httpx

from crm.time import SHANGHAI
from tests.stack.installation import Installation

TOKEN = "c" * 32  # the page's own token; it must be the cookie's


@dataclass
class Browser:
    """One person's browser. It keeps how long every answer took and which status it had."""

    house: Installation
    session: str
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """This function will open the connection."""
        self.client = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(self.house.web)),
            base_url="http://127.0.0.1",
            cookies={"sessionid": self.session, "csrftoken": TOKEN},
            headers={"X-CSRFToken": TOKEN},
            timeout=120,
        )

    def get(self, path: str) -> httpx.Response:
        """This function will open a page."""
        return self._timed(lambda: self.client.get(path))

    def post(self, path: str, form: dict[str, Any]) -> httpx.Response:
        """This function will send a form."""
        return self._timed(lambda: self.client.post(path, data=form))

    def _timed(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        began = time.monotonic()
        answer = ask()
        self.seconds.append(time.monotonic() - began)
        self.statuses[answer.status_code] += 1
        return answer


def a_minute_ago() -> str:
    """This function will say when, as a form does."""
    return f"{datetime.now(SHANGHAI) - timedelta(minutes=1):%Y-%m-%dT%H:%M}"


def complaint(customer: int, subject: str) -> dict[str, Any]:
    """This function will fill in the form of a new ticket."""
    return {
        "act": "save",
        "token": str(uuid.uuid4()),
        "customer": customer,
        "kind": "complaint",
        "channel": "phone",
        "subject": subject,
        "received_at": a_minute_ago(),
        "papers_complete": "on",
    }


def call_noted(summary: str) -> dict[str, Any]:
    """This function will fill in the form of a call that was made."""
    return {
        "token": str(uuid.uuid4()),
        "kind": "call",
        "direction": "out",
        "happened_at": a_minute_ago(),
        "summary": summary,
    }


class Clerk(Thread):
    """Takes in one request after the other until told to stop, and sends a form again while the answer is 请再试."""

    def __init__(self, house: Installation, session: str, customers: list[int], pause: float) -> None:
        """This function will sit down; `pause` is in seconds, between two requests."""
        super().__init__(daemon=True)
        self.browser, self.customers, self.pause = Browser(house, session), customers, pause
        self.done: list[str] = []
        self.enough = Event()

    def run(self) -> None:
        """This function will work."""
        while not self.enough.wait(self.pause):
            form = complaint(self.customers[len(self.done) % len(self.customers)], uuid.uuid4().hex)
            while self.browser.post("/tickets/new/", form).status_code == 503:
                time.sleep(0.2)
            self.done.append(form["subject"])


class Reader(Thread):
    """Opens pages in turn until told to stop."""

    def __init__(self, house: Installation, session: str, pages: list[str], pause: float) -> None:
        """This function will sit down; `pause` is in seconds, between two pages."""
        super().__init__(daemon=True)
        self.browser, self.pages, self.pause = Browser(house, session), pages, pause
        self.enough = Event()

    def run(self) -> None:
        """This function will read."""
        turn = 0
        while not self.enough.wait(self.pause):
            self.browser.get(self.pages[turn % len(self.pages)])
            turn += 1


@contextmanager
def at_work(people: list[Clerk] | list[Reader] | list[Clerk | Reader]) -> Iterator[None]:
    """This function will let people work while the block runs, and wait until each has finished the form in hand."""
    for one in people:
        one.start()
    try:
        yield
    finally:
        for one in people:
            one.enough.set()
        for one in people:
            one.join(180)


def p95(seconds: list[float]) -> float:
    """This function will give the time that nineteen of twenty answers kept."""
    return sorted(seconds)[int(len(seconds) * 0.95)] if seconds else 0.0
