"""How a service gets work done soon without knowing who does it: tasks are looked up by name.

The truth is always in the database first, so a nudge that is lost costs a minute, never a message.
"""

import logging
import socket
import time
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from celery import Task
from django.conf import settings
from django.db import transaction

from crm.celery import app

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 1.0
# After a failed nudge the broker is left alone for a while, so that pages stay quick while it is away.
QUIET_SECONDS = 15.0
REDIS_PORT = 6379
A_DAY = 86_400.0


class _Away:
    """When this process last found the broker away."""

    until = 0.0


def run_soon(task: str, *, expires: float = A_DAY, **arguments: Any) -> None:
    """This function will queue the named task once the transaction commits; an unknown name raises KeyError.

    It never fails the caller: where the broker is away the tick finds the same work within a minute.
    `expires` is in seconds: a worker that comes later drops the task.
    """
    found: Task[..., Any] = app.tasks[task]
    transaction.on_commit(partial(_send, found, arguments, expires), robust=True)


def run_now(task: str, **arguments: Any) -> None:
    """This function will run the named task here and return when it is done; its exceptions pass through."""
    app.tasks[task](**arguments)


def _send(task: "Task[..., Any]", arguments: dict[str, Any], expires: float) -> None:
    if time.monotonic() < _Away.until:
        return
    try:
        knock(settings.CELERY_BROKER_URL)
        task.apply_async(kwargs=arguments, expires=expires)
    except Exception as error:
        _Away.until = time.monotonic() + QUIET_SECONDS
        logger.warning("the broker is away, the next tick will run %s: %s", task.name, error)


def knock(address: str) -> None:
    """This function will raise OSError at once where nobody listens; the client itself would retry for seconds."""
    parts = urlsplit(address)
    if parts.scheme == "redis+socket":
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(CONNECT_SECONDS)
            knock.connect(parts.path)
    elif parts.scheme in {"redis", "rediss"}:
        socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or REDIS_PORT), CONNECT_SECONDS
        ).close()
