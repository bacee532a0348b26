"""What the bench of rendering does inside its installation: requests straight into the application, timed and counted."""

import io
import sys
import time
from types import FrameType
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

WARM, ASKED = 3, 10


def costs(cookies: dict[str, dict[str, str]], pages: list[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """This function will give for each page its least milliseconds of this thread, its calls, statements and rows."""
    application = get_wsgi_application()
    found = {}
    for who, path in pages:
        asked = (application, cookies[who], path)
        for _warm in range(WARM):
            _get(*asked)
        taken = []
        for _turn in range(ASKED):
            begin = time.thread_time()
            body = _get(*asked)
            taken.append(time.thread_time() - begin)
        with CaptureQueriesContext(connection) as queries:
            _get(*asked)
        statements = len(queries)  # the next request empties their log
        found[f"{who} {path}"] = {
            "ms": 1000 * min(taken),
            "calls": _calls(*asked),
            "statements": statements,
            "rows": body.count(b"data-row"),
        }
    return found


def _calls(application: Any, cookies: dict[str, str], path: str) -> int:
    """This function will count the functions that one request calls, Python's own included."""
    counted = 0

    def note(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        _get(application, cookies, path)
    finally:
        sys.setprofile(None)
    return counted


def _get(application: Any, cookies: dict[str, str], path: str) -> bytes:
    where, _mark, query = path.partition("?")
    asked = {
        "REQUEST_METHOD": "GET", "PATH_INFO": where, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http", "HTTP_COOKIE": "; ".join(f"{name}={one}" for name, one in cookies.items()),
    }  # fmt: skip
    told: list[str] = []
    answer = application(asked, lambda status, _headers: told.append(status))
    body = b"".join(answer)
    answer.close()
    if not told[0].startswith("200"):
        raise ValueError(f"{path}: {told[0]}")
    return body
