"""The two forms of a fault test: quick in the suite, at length by `script/faults`, which keeps the figures that were seen."""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from crm.time import SHANGHAI

T = TypeVar("T")

LONG = os.environ.get("FAULTS") == "long"


def size(quick: T, long: T) -> T:
    """This function will choose between the quick and the long form."""
    return long if LONG else quick


def keep(fault: str, case: str, on: str, amount: object, seen: str, began: float) -> None:
    """This function will add a row to the table of figures in docs/faults.md, where `script/faults` asks for one.

    `began` is a reading of the monotonic clock; the row says how many seconds went by since.
    """
    file = os.environ.get("FAULT_FIGURES")
    if file:
        spent = f"{time.monotonic() - began:.0f}"
        cells = (fault, case, on, str(amount), seen, spent, f"{datetime.now(SHANGHAI):%F}")
        with Path(file).open("a", encoding="utf-8") as table:
            table.write(f"| {' | '.join(cells)} |\n")
