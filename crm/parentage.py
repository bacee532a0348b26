"""A process that must not outlive its parent asks the kernel to see to it. Linux only; elsewhere it does nothing."""

import ctypes
import signal
import sys
from typing import Any

from celery.signals import worker_process_init

PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may be loaded.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(with_signal: int = signal.SIGKILL) -> None:
    """This function will have this process receive the signal when its parent ends. Not inherited by its children."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, with_signal)


@worker_process_init.connect
def pool_child_dies_with_its_worker(**_kwargs: Any) -> None:
    """This function will keep a pool child from finishing a task whose worker was killed."""
    die_with_parent(signal.SIGKILL)
