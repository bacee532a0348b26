"""The embedded supervisor: broker, web, worker and beat under one command. They are restarted one by one and end together."""

import logging
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from crm.supervisor import broker, ground
from crm.supervisor.children import Child

__all__ = ["House", "serve"]

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
LOOK_SECONDS = 0.3
MANAGE = Path(__file__).resolve().parent.parent.parent / "manage.py"


class House:
    """All children of one installation, in the order of their start; they are stopped in the opposite order."""

    def __init__(self, children: list[Child]) -> None:
        """This function will keep the children and wait for the signals that end the house."""
        self.children = children
        self.closing = threading.Event()

    def close_on(self, *signals: int) -> None:
        """This function will end the house when one of the signals comes."""

        def close(_number: int, _frame: FrameType | None) -> None:
            self.closing.set()

        for number in signals:
            signal.signal(number, close)

    def keep(self) -> None:
        """This function will look after the children until the house is closed, then stop them all."""
        try:
            while not self.closing.wait(LOOK_SECONDS):
                for child in self.children:
                    child.look()
        finally:
            for child in reversed(self.children):
                child.stop()


def serve(*, port: int, run_dir: Path, var: Path, own_broker: bool, ready: Callable[[], None]) -> None:
    """This function will run the whole house until a signal ends it; `ready` is called once pages are answered.

    It raises AlreadyServing, PortIsTaken and the broker's refusals before anything is left running.
    """
    ground.run_folder(run_dir)
    var.mkdir(parents=True, exist_ok=True)
    # The run folder and the data are each used by one supervisor at a time, however the two are combined.
    with ground.lock(run_dir), ground.lock(var):
        ground.free_port(HOST, port)
        first = _broker(run_dir, var) if own_broker else []
        house = House([*first, worker(), beat(), web(port)])
        house.close_on(signal.SIGTERM, signal.SIGINT)
        try:
            for child in first:
                child.start()
                broker.wait_until_ready(run_dir / "broker.sock")
            subprocess.run(
                [sys.executable, str(MANAGE), "migrate", "--noinput", "--verbosity", "0"], check=True
            )
        except BaseException:
            house.closing.set()
            house.keep()
            raise
        threading.Thread(target=_tell_when_ready, args=(house, port, ready), daemon=True).start()
        house.keep()


def _broker(run_dir: Path, var: Path) -> list[Child]:
    line = broker.command(broker.find(), socket=run_dir / "broker.sock", folder=var)
    return [Child("消息代理", line, death_signal=signal.SIGTERM)]


def worker() -> Child:
    """This function will describe the Celery worker."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "crm", "worker", "--loglevel", "WARNING"]
    return Child(
        "作业进程", [*celery, "-c", "2", "--without-gossip", "--without-mingle", "-n", "w1@embedded"]
    )


def beat() -> Child:
    """This function will describe Celery's beat, which only sends the tick."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "crm", "beat", "--loglevel", "WARNING"]
    return Child("节拍", [*celery, "--max-interval", "5", "--pidfile="], stop_seconds=5.0)


def web(port: int) -> Child:
    """This function will describe the web server, on this machine's own address only."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    more = ["--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "warning"]
    return Child("网页", [*granian, *more, "crm.wsgi:application"], death_signal=signal.SIGTERM)


def _tell_when_ready(house: House, port: int, ready: Callable[[], None]) -> None:
    while not house.closing.wait(LOOK_SECONDS):
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):  # our own address
                pass
        except OSError:
            continue
        ready()
        return
