"""A child process: started again when it ends, ended with everything it started."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from crm.supervisor.children import Child

FOREVER = [sys.executable, "-c", "import time; time.sleep(60)"]
WITH_A_CHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(p.pid, flush=True); p.wait()",
]


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child("测试", FOREVER)
    yield child
    child.stop()


def until(true: Callable[[], bool]) -> bool:
    for _try in range(200):
        if true():
            return True
        time.sleep(0.02)
    return False


class TestAChild:
    def test_runs_in_a_group_of_its_own(self, child: Child) -> None:
        child.start()
        assert child.process is not None
        assert os.getpgid(child.process.pid) == child.process.pid != os.getpgid(0)

    def test_that_was_killed_is_started_again(self, child: Child) -> None:
        child.start()
        first = child.process
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        child.clock = lambda: time.monotonic() + 60  # it lived long enough, so no pause
        child.look()
        child.look()
        assert child.starts == 2
        assert child.process is not None and child.process.poll() is None

    def test_that_dies_at_once_is_started_after_a_pause(self, child: Child) -> None:
        child.command = [sys.executable, "-c", "raise SystemExit(3)"]
        child.start()
        assert child.process is not None
        child.process.wait()
        child.look()
        child.look()
        assert child.starts == 1

    def test_that_runs_is_left_alone(self, child: Child) -> None:
        child.start()
        child.look()
        assert child.starts == 1

    def test_that_is_stopped_leaves_nothing_behind(self, capfd: pytest.CaptureFixture[str]) -> None:
        child = Child("测试", WITH_A_CHILD, stop_seconds=1.0)
        child.start()
        said: list[str] = []

        def grandchild_is_there() -> bool:
            said.append(capfd.readouterr().out)
            return "".join(said).strip().isdigit()

        assert until(grandchild_is_there)
        grandchild = int("".join(said))
        child.stop()
        assert until(lambda: not running(grandchild))

    def test_stopped_twice_is_stopped_once(self, child: Child) -> None:
        child.start()
        child.stop()
        child.stop()
        assert child.process is None


def running(pid: int) -> bool:
    """This function will say whether a process runs; a dead one that nobody has reaped yet does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
