"""django-helpdesk 2.6.1 beside us: an environment of its own, its database, its server."""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.book import FOLDER, server
from bench.serving import Door, free_port, wait_until_it_answers

PINS = ("django-helpdesk==2.6.1", "Django==5.2.19", "gunicorn==27.0.1", "psycopg2-binary==2.9.13")
HERE = Path(__file__).resolve().parent / "peer"
QUERY = {"filtering": {"status__in": [1, 2]}, "sorting": "created", "sortreverse": False, "search_string": ""}
LIST = f"/datatables_ticket_list/{base64.b64encode(json.dumps(QUERY).encode()).decode()}?draw=1&start=0&length=25"


def _environment() -> Path:
    """This function will make the virtual environment if it is missing, and return its folder of programs."""
    home = FOLDER / "helpdesk-venv"
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(home / "bin" / "pip"), "install", "--quiet", *PINS], check=True)
        (home / "ready").touch()
    return home / "bin"


@contextmanager
def served(vendor: str, tickets: int) -> Iterator[Door]:
    """This function will load and serve it as a house of its size would: two processes of two threads."""
    bin_ = _environment()
    engine = "postgresql" if vendor == "postgresql" else "sqlite3"
    with tempfile.TemporaryDirectory(prefix="jn-bench-") as folder:
        name = f"jn_bench_helpdesk_{os.getpid()}" if vendor == "postgresql" else f"{folder}/helpdesk.sqlite3"
        if vendor == "postgresql":
            server(f"CREATE DATABASE {name}")
        env = os.environ | {"HELPDESK_ENGINE": engine, "HELPDESK_NAME": name, "PYTHONPATH": str(HERE)}
        try:
            line = [str(bin_ / "python"), str(HERE / "helpdesk_load.py"), str(tickets)]
            loaded = subprocess.run(line, env=env, capture_output=True, text=True)
            if loaded.returncode:
                raise RuntimeError(loaded.stderr[-2000:])
            key, port = loaded.stdout.split()[-1], free_port()
            with open(f"{folder}/log", "wb") as log:
                process = subprocess.Popen(
                    [str(bin_ / "gunicorn"), "--workers", "2", "--threads", "2", "--keep-alive", "60",
                     "--bind", f"127.0.0.1:{port}", "helpdesk_site:application"],
                    env=env, cwd=HERE, stdout=log, stderr=log,
                )  # fmt: skip
            try:
                wait_until_it_answers(port)
                token = "a" * 32
                yield Door(port, {"Cookie": f"sessionid={key}; csrftoken={token}", "X-CSRFToken": token})
            finally:
                process.terminate()
                process.wait()
        finally:
            if vendor == "postgresql":
                server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def new_ticket(n: int) -> bytes:
    """This function will write the body of a REST create."""
    asked = {"title": f"Ticket {n}", "queue": 1 + n % 20, "description": "As promised", "priority": 3}
    return json.dumps({**asked, "submitter_email": "c@example.com"}).encode()
