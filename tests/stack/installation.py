"""One installation in a folder of its own: its database, its broker, its real worker and beat, and how to kill them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from crm.supervisor import broker
from tests.figures import size

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
# Seconds that one step may take; a busy machine needs more.
PATIENCE = size(580, 4 * 3600)
# Everything that waits a minute in real life waits a second here.
QUICK = {"TICK_SECONDS": "1", "LEASE_SECONDS": "3", "SETTLE_SECONDS": "4", "FLUSH_GUARD": "1000000"}
SECRETS = dict.fromkeys(("SECRET_KEY", "PERSONAL_DATA_KEY", "BLIND_INDEX_KEY"), "0" * 64)


@dataclass
class Installation:
    """A product that runs. Programs are started in groups of their own, so that a kill takes all of one."""

    folder: Path
    database_url: str = ""
    broker_url: str = ""
    more_env: dict[str, str] = field(default_factory=dict)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    static_files: Callable[[], Path] | None = None

    @property
    def env(self) -> dict[str, str]:
        """The environment of every program of this installation."""
        own = {"JIANNUO_VAR": str(self.folder / "var"), "JIANNUO_RUN": str(self.folder / "run")}
        own |= {"C_FORCE_ROOT": "1", "PYTHONPATH": str(ROOT)}
        urls = {"DATABASE_URL": self.database_url, "BROKER_URL": self.broker_url, "LOG_LEVEL": "WARNING"}
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "JIANNUO"))}
        # Workers of tests run as root in some containers; that is our choice here, not the product's.
        return kept | QUICK | SECRETS | own | urls | self.more_env

    def manage(self, *arguments: str) -> str:
        """This function will run one command to its end and return what it said."""
        done = subprocess.run(
            [PYTHON, "manage.py", *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def call(self, function: str, *arguments: Any) -> Any:
        """This function will call `module:function` in a process of this installation; results travel as JSON."""
        return self.finish(self.begin(function, *arguments))

    def begin(self, function: str, *arguments: Any) -> "subprocess.Popen[str]":
        """This function will start a process that is ready to call the function and waits for the word."""
        return subprocess.Popen(
            [PYTHON, "-m", "tests.stack.call", function, json.dumps(arguments)],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process: "subprocess.Popen[str]") -> Any:
        """This function will give the word and return the result."""
        out, error = process.communicate("go\n", timeout=PATIENCE)
        assert process.returncode == 0, error[-3000:]
        return json.loads(out.splitlines()[-1])

    def together(self, count: int, function: str, *arguments: Any) -> list[Any]:
        """This function will call the function in several processes at the same moment."""
        processes = [self.begin(function, *arguments) for _one in range(count)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate()[1][-3000:]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        results = []
        for process in processes:
            out, error = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, error[-3000:]
            results.append(json.loads(out.splitlines()[-1]))
        return results

    @property
    def sqlite_file(self) -> Path:
        """Where an embedded installation keeps its data."""
        return self.folder / "var" / "db.sqlite3"

    def start_broker(self) -> None:
        """This function will start the broker of this installation on its unix socket: Redis where it stands beside
        PostgreSQL and is there, else the Valkey of the wheel."""
        program = shutil.which("redis-server") if self.database_url else None
        run, var = self.folder / "run", self.folder / "var"
        run.mkdir(exist_ok=True)
        var.mkdir(exist_ok=True)
        line = broker.command(program or broker.find(), socket=run / "broker.sock", folder=var)
        self.start("broker", line)
        broker.wait_until_ready(run / "broker.sock")

    def start_worker(self, *more: str, celery: str = "celery") -> None:
        """This function will start a real worker with two pool children; `celery` names the module that is run."""
        line = [PYTHON, "-m", celery, "-A", "crm", "worker", "--loglevel", "ERROR", "-c", "2"]
        self.start("worker", [*line, "--without-gossip", "--without-mingle", "-n", "w1@stack", *more])

    def start_beat(self, celery: str = "celery") -> None:
        """This function will start a real beat."""
        line = [PYTHON, "-m", celery, "-A", "crm", "beat", "--loglevel", "ERROR"]
        self.start("beat", [*line, "--max-interval", "1", "--pidfile="])

    def start_web(self) -> None:
        """This function will start the real web server on a unix socket and return once it answers."""
        if self.static_files is not None:
            self.more_env["STATIC_ROOT"] = str(self.static_files())
        line = [PYTHON, "-m", "granian", "--interface", "wsgi", "--uds", str(self.web), "--workers", "1"]
        more = ["--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "warning"]
        self.start("web", [*line, *more, "crm.wsgi:application"])
        assert wait_for(lambda: self.answers("/healthz") > 0, seconds=PATIENCE, every=0.1), self.log("web")

    @property
    def web(self) -> Path:
        """The socket on which pages are answered; no port, so nobody else can hold it."""
        return self.folder / "web.sock"

    def answers(self, path: str) -> int:
        """This function will ask for a page and return its status, or 0 while nobody answers."""
        try:
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(self.web)), timeout=30) as client:
                return client.get(f"http://127.0.0.1{path}").status_code
        except httpx.TransportError:
            return 0

    @property
    def kind(self) -> str:
        """The words for its database and broker in a report."""
        return "PostgreSQL + Redis" if self.database_url else "SQLite + Valkey"

    def start(self, name: str, line: list[str]) -> None:
        """This function will start a program with its output in a file of its own."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                line, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """This function will kill a program and all its children, at once and without a word."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> str:
        """This function will return what a program said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def close(self) -> None:
        """This function will end everything, the broker last."""
        for name in sorted(self.processes, key=lambda one: one == "broker"):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def accepted(self) -> Counter[str]:
        """This function will count the accepts by serial in the provider's file, which is the judge."""
        files = (self.folder / "var" / "sent").glob("*.jsonl")
        lines = [
            line for file in files for line in file.read_text("utf-8", "replace").splitlines(keepends=True)
        ]
        # a line without its end is being written at this moment
        return Counter(json.loads(line)["serial"] for line in lines if line.strip() and line.endswith("\n"))


def wait_for(true: Callable[[], bool], *, seconds: float, every: float = 0.5) -> bool:
    """This function will ask again and again until it is true or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(every)
    return true()
