"""Processes that die at any line. Each is forked off one that knows Django already, so a death costs milliseconds."""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from crm import pulse, queue
from crm.models import Customer, Message, Occurrence
from crm.services import delivery, messages
from crm.services import tick as ticks
from crm.tasks import providers
from servicing.models import Ticket
from servicing.services import greetings
from tests.factories import crm as make
from tests.factories.servicing import ticket
from tests.stack import office
from tests.stack.installation import wait_for

STATEMENTS = 60
DEAD = 9


def live(act: Callable[[int], object]) -> tuple[int, int]:
    """This function will run an act in a process of its own; it returns the process and what reads its words."""
    connections.close_all()
    words, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(words)
            act(mouth)
        finally:
            os._exit(DEAD)
    os.close(mouth)
    return child, words


def take_in(customer: Customer, mouth: int) -> None:
    """This function will take in tickets for ever, fifty a second at most, and tell each number after its commit."""
    while True:
        begun, now = time.monotonic(), timezone.now()
        row = ticket(customer, "complaint", received_at=now, now=now)
        os.write(mouth, f"{row.number}\n".encode())
        time.sleep(max(0.0, begun + 0.02 - time.monotonic()))


def killed_while_writing(deaths: int, seed: int) -> dict[str, Any]:
    """This function will kill so many writers, each in the middle of its work, and compare what they told with what stands."""
    chance, told = random.Random(seed), list[str]()
    customer = make.customer("金海集团", owner=make.person("lin"))
    for _death in range(deaths):
        child, words = live(lambda mouth: take_in(customer, mouth))
        with os.fdopen(words) as lines:
            told += [next(lines).strip() for _line in range(chance.randrange(1, 25))]
            time.sleep(chance.random() / 30)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            told += [line.strip() for line in lines]
    return {"told": len(told), **_what_stands(set(told))}


def _what_stands(told: set[str]) -> dict[str, Any]:
    standing = set(Ticket.objects.values_list("number", flat=True))
    counts = office.parts()
    return {
        "lost": len(told - standing),
        "untold": len(standing - told),
        "halves": max(counts) - min(counts),
        "integrity": _integrity(),
    }


def _integrity() -> str:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return str(cursor.fetchone()[0])


class Doom:
    """Ends the process before its nth statement, without a word."""

    def __init__(self, statement: int) -> None:
        """This function will count down from here."""
        self.left = statement

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        """This function will run the statement or die."""
        if self.left == 0:
            os._exit(DEAD)
        self.left -= 1
        return execute(*query)


def _open_one() -> None:
    """This function will do what the task does that opens greetings."""
    greetings.open_due(clock=timezone.now, limit=2)
    messages.nudge_delivery()


def _deliver_one() -> None:
    """This function will do what the task does that sends."""
    delivery.deliver(
        clock=timezone.now, pause=time.sleep, pulse=pulse.read(), providers=providers.by_channel(), limit=2
    )


def died_before_the_broker_heard(deaths: int, seed: int) -> dict[str, Any]:
    """This function will open and send greetings in processes that die at a random statement, or after the commit on
    the way to the broker; then the schedule alone finishes the work. The caller reads the provider's file."""
    chance = random.Random(seed)
    queue._send = lambda *_nudge: os._exit(DEAD)  # type: ignore[assignment]
    for _death in range(deaths):
        act = chance.choice((_open_one, _open_one, _deliver_one))
        doom = Doom(chance.randrange(STATEMENTS))

        def dying(_mouth: int, act: Callable[[], None] = act, doom: Doom = doom) -> None:
            with connection.execute_wrapper(doom):
                act()

        child, words = live(dying)
        os.close(words)
        os.waitpid(child, 0)
    opened = Message.objects.filter(customer__isnull=False).count()
    queue._send = lambda *_nudge: None  # type: ignore[assignment]
    finished = wait_for(_finished, seconds=300)
    return {"opened by the dying": opened, "finished": finished}


def _finished() -> bool:
    """This function will tick once without a broker and say whether nothing is left."""
    ticks.tick(now=timezone.now(), pulse=pulse.read(), start=queue.run_now)
    open_ones = Message.objects.filter(customer__isnull=False).exclude(state="accepted")
    return not (Occurrence.objects.filter(state="planned").exists() or open_ones.exists())
