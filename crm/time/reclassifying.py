"""Changing the kind of a running case, and with it its limit (rulebook X-14)."""

from collections.abc import Iterable
from datetime import datetime

from crm.refusal import Refusal
from crm.time import local
from crm.time.calendar import WorkCalendar
from crm.time.clock_parts import Clock, Due, PauseSpan
from crm.time.clocks import compute_due
from crm.time.rules import DEFAULT_RULES, TimeRules


class ClockIsOverdue(Refusal):
    """A broken clock is not healed by calling the case something else."""


def reclassify(
    current: Due,
    clock: Clock,
    *,
    at: datetime,
    calendar: WorkCalendar,
    rules: TimeRules = DEFAULT_RULES,
    pauses: Iterable[PauseSpan] = (),
) -> Due:
    """This function will run a new limit from the original trigger, pauses carried over (X-14).

    Raises ClockIsOverdue after the current due time; a paused clock is not overdue.
    """
    if current.due_at is not None and current.state(at) == "overdue":
        raise ClockIsOverdue(
            f"时限已于 {local(current.due_at):%Y-%m-%d %H:%M:%S} 到期，不能再变更案件类型来延长；请按超时处理。"
        )
    return compute_due(clock, current.starts_at, calendar=calendar, rules=rules, pauses=pauses)
