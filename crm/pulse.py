"""The beat of the machine, read beside the wall clock: a wall clock that was moved gives itself away by it."""

import time
from pathlib import Path
from typing import NamedTuple

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Pulse(NamedTuple):
    """Which start of the machine this is, and how many seconds it has been running, sleep included."""

    boot_id: str
    boot_seconds: float


def read() -> Pulse:
    """This function will read the machine's pulse; where there is no boot id it stays empty and is not compared."""
    try:
        boot_id = BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        boot_id = ""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return Pulse(boot_id, time.clock_gettime(clock))
