"""From a promise's stored inputs to its due time. Reads no rows and no clock; `crm.time` does the counting."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from crm.time import SHANGHAI, local_date
from crm.time.calendar import WorkCalendar
from crm.time.clocks import Due, PauseSpan, Unit, compute_due
from crm.time.rules import TimeRules
from servicing.clocks import clock_of
from servicing.models import Pause, ServiceStandard


def rules_as_data(rules: TimeRules) -> dict[str, Any]:
    """This function will turn the rules into JSON, to be kept with the promise they were used for."""
    return {k: v.isoformat() if isinstance(v, time) else v for k, v in asdict(rules).items()}


def rules_from_data(data: dict[str, Any]) -> TimeRules:
    """This function will read the rules back; unknown keys of older rows are left out."""
    known = TimeRules()
    return TimeRules(
        **{
            key: time.fromisoformat(value) if isinstance(getattr(known, key), time) else value
            for key, value in data.items()
            if hasattr(known, key)
        }
    )


def spans(pauses: Iterable[Pause]) -> list[PauseSpan]:
    """This function will read pauses as spans of local dates, in order (rulebook X-13)."""
    return [
        PauseSpan(
            started=local_date(pause.started_at),
            ended=local_date(pause.ended_at) if pause.ended_at else None,
            reason=pause.get_reason_display(),
        )
        for pause in sorted(pauses, key=lambda one: (one.started_at, one.pk))
    ]


def due_of(
    standard: ServiceStandard,
    triggered_at: datetime,
    *,
    calendar: WorkCalendar,
    rules: TimeRules,
    pauses: list[PauseSpan],
    last_resume: datetime | None = None,
    with_steps: bool = False,
) -> Due:
    """This function will compute the due time from the standard's limit.

    A same-day limit starts anew at the instant of the last resume on a later date (rulebook X-08, X-13).
    """
    clock = clock_of(standard)
    restarted = last_resume is not None and any(p.ended != p.started for p in pauses)
    if clock.unit is Unit.SAME_DAY and restarted and all(p.ended for p in pauses):
        assert last_resume is not None
        return compute_due(clock, last_resume, calendar=calendar, rules=rules, with_steps=with_steps)
    return compute_due(
        clock, triggered_at, calendar=calendar, rules=rules, pauses=pauses, with_steps=with_steps
    )


def local(instant: datetime | None) -> datetime:
    """This function will show an instant in the office's time zone; an unknown instant is a mistake of the caller."""
    assert instant is not None
    return instant.astimezone(SHANGHAI)
