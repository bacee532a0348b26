"""Web servers on this machine and clients that ask them, several at a time, each on one connection."""

import http.client
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.stack.installation import Installation

GRANIAN = (
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--host",
    "127.0.0.1",
    "--workers",
    "2",
    "--blocking-threads",
    "2",
)
Ask = Callable[[int], tuple[str, str, bytes | None, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Door:
    """A server's port, and what a client who is logged in sends along."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)


class WrongAnswer(Exception):
    """The server did not do what was asked."""


def free_port() -> int:
    """This function will find a port that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until_it_answers(port: int, seconds: float = 60) -> None:
    """This function will wait until somebody listens."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise WrongAnswer(f"nobody answers on {port}")


@contextmanager
def granian(house: Installation, application: str) -> Iterator[int]:
    """This function will serve an application of the installation as `manage.py serve` does, with two processes."""
    port = free_port()
    name = f"web-{port}"
    house.start(name, [sys.executable, *GRANIAN, "--port", str(port), "--log-level", "warning", application])
    try:
        wait_until_it_answers(port)
        yield port
    finally:
        house.processes[name].terminate()
        house.processes.pop(name).wait()


def ask(door: Door, what: Ask, count: int, first: int = 0) -> list[float]:
    """This function will send requests one after another on one connection, and give the seconds of each."""
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=60)
    taken = []
    for n in range(first, first + count):
        method, path, body, more = what(n)
        begin = time.perf_counter()
        connection.request(method, path, body, door.headers | more)
        answer = connection.getresponse()
        text = answer.read()
        taken.append(time.perf_counter() - begin)
        if answer.status not in (200, 201):
            raise WrongAnswer(f"{method} {path}: {answer.status} {text[:300]!r}")
    connection.close()
    return taken


def together(door: Door, what: Ask, count: int, clients: int, first: int = 0) -> tuple[float, list[float]]:
    """This function will let several clients ask at once: requests a second, and the seconds of each request."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        parts = [pool.submit(ask, door, what, count, first + one * count) for one in range(clients)]
        taken = [seconds for part in parts for seconds in part.result()]
    return len(taken) / (time.perf_counter() - begin), taken
