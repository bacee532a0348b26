"""One child process: started in a group of its own, restarted when it ends, stopped with its whole group."""

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from crm.parentage import die_with_parent

logger = logging.getLogger(__name__)

SHORT_LIFE = 2.0
PAUSE = 1.0


@dataclass(slots=True)
class Child:
    """One program that must always run. `death_signal` is what it gets if the supervisor itself is killed."""

    name: str
    command: list[str]
    death_signal: int = signal.SIGKILL
    stop_seconds: float = 10.0
    process: "subprocess.Popen[bytes] | None" = None
    started: float = field(default=0.0)
    starts: int = 0
    clock: Callable[[], float] = time.monotonic

    def start(self) -> None:
        """This function will start the program in a process group of its own."""
        wanted = self.death_signal
        self.process = subprocess.Popen(
            self.command, start_new_session=True, preexec_fn=lambda: die_with_parent(wanted)
        )
        self.started = self.clock()
        self.starts += 1

    def look(self) -> None:
        """This function will start the program again if it has ended, and kill what it left behind."""
        if self.process is None:
            if self.clock() >= self.started:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        logger.warning("%s 退出（代码 %s），重新启动", self.name, code)
        self._kill_group()
        lived = self.clock() - self.started
        self.process = None
        self.started = self.clock() + (PAUSE if lived < SHORT_LIFE else 0.0)

    def stop(self) -> None:
        """This function will ask the program to end, wait, and kill what is left of its group."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            logger.warning("%s 没有按时结束，强制结束", self.name)
        self._kill_group()
        self.process.wait()
        self.process = None

    def _kill_group(self) -> None:
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
