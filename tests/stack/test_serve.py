"""`manage.py serve`: one command that answers pages, restarts what dies, and leaves nothing behind when it dies itself."""

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.stack.installation import PATIENCE, PYTHON, ROOT, Installation, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(PATIENCE)]

PROGRAMS = ("valkey-server", "crm worker", "crm beat", "granian")


@pytest.fixture
def house() -> Iterator[Installation]:
    """An embedded installation whose only program is `serve`; it starts its own broker."""
    house = Installation(Path(mkdtemp(prefix="jn-", dir="/tmp")))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        house.more_env["PORT"] = str(probe.getsockname()[1])
    yield house
    for pid in ours(house):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    house.close()


def serve(house: Installation) -> int:
    """This function will start serve, wait for the page, and return the supervisor's number."""
    house.start("serve", [PYTHON, "manage.py", "serve"])
    assert wait_for(lambda: answers(house) and "已就绪" in house.log("serve"), seconds=120), house.log(
        "serve"
    )
    return house.processes["serve"].pid


def answers(house: Installation, path: str = "/healthz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{house.env['PORT']}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def ours(house: Installation, program: str = "") -> list[int]:
    """This function will list the running processes of this installation, told by their environment."""
    mark = f"JIANNUO_VAR={house.folder}/".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            # Valkey writes its title over its environment; the title names our socket.
            mine = str(house.folder) in line or mark in (folder / "environ").read_bytes()
            if line and mine and program in line:
                found.append(int(folder.name))
        except OSError:
            continue
    return sorted(found)


def test_one_command_lives_through_everything_and_ends_as_one(house: Installation) -> None:
    pid = serve(house)
    assert answers(house, "/login/")
    assert all(ours(house, program) for program in PROGRAMS), house.log("serve")
    assert wait_for(lambda: house.call("tests.stack.acts:day_runs")["finished"] == 8, seconds=60)

    second = subprocess.run(
        [PYTHON, "manage.py", "serve"], cwd=ROOT, env=house.env, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert f"已有一个 serve 在运行（进程号 {pid}）" in second.stderr

    for program in PROGRAMS:
        before = ours(house, program)
        os.kill(before[0], signal.SIGKILL)
        came_back = wait_for(
            lambda program=program, before=before: bool(set(ours(house, program)) - set(before)), seconds=60
        )
        assert came_back, f"{program}: {house.log('serve')}"
    assert wait_for(lambda: answers(house), seconds=60), house.log("serve")

    os.kill(pid, signal.SIGTERM)
    assert house.processes["serve"].wait(60) == 0
    assert ours(house) == []


def test_killed_itself_leaves_nothing_running(house: Installation) -> None:
    pid = serve(house)
    os.kill(pid, signal.SIGKILL)
    house.processes["serve"].wait()
    assert wait_for(lambda: ours(house) == [], seconds=30), ours(house)
