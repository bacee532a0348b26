"""Was the clock moved, or was the machine away? Decided from two readings of wall clock and pulse. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.pulse import Pulse

FORWARD = timedelta(minutes=10)
BACKWARD = timedelta(seconds=30)
# A gap between two ticks longer than this is an outage: several ticks were lost, not one that came late.
OUTAGE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Beat:
    """One reading: what the wall clock said, and the machine's pulse beside it."""

    at: datetime
    pulse: Pulse


@dataclass(frozen=True, slots=True)
class Verdict:
    """What lies between two beats: a jump of the wall clock (signed), or an outage, or neither."""

    jump: timedelta | None = None
    outage: timedelta | None = None


def judge(before: Beat | None, after: Beat) -> Verdict:
    """This function will compare two beats. Within one start of the machine the wall clock must go as the pulse does.

    Forward by more than 10 minutes or backward by more than 30 seconds is a jump. Across a restart only a
    wall clock that went backward is one; any other long gap is an outage.
    """
    if before is None:
        return Verdict()
    wall = after.at - before.at
    same_boot = before.pulse.boot_id == after.pulse.boot_id != ""
    went = timedelta(seconds=after.pulse.boot_seconds - before.pulse.boot_seconds) if same_boot else wall
    drift = wall - went
    if drift > FORWARD or drift < -BACKWARD or wall < -BACKWARD:
        return Verdict(jump=drift or wall)
    return Verdict(outage=wall) if wall > OUTAGE else Verdict()
