"""From a promise's stored inputs to its due time. Reads no rows and no clock; `crm.time` does the counting."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from crm.time import local_date
from crm.time.calendar import WorkCalendar
from crm.time.clocks import Due, PauseSpan, compute_due
from crm.time.rules import TimeRules
from servicing.clocks import Limit, clock_of
from servicing.models import Pause


def rules_as_data(rules: TimeRules) -> dict[str, Any]:
    """This function will turn the rules into JSON, to be kept with the promise they were used for."""
    return {k: v.isoformat() if isinstance(v, time) else v for k, v in asdict(rules).items()}


def rules_from_data(data: dict[str, Any]) -> TimeRules:
    """This function will read the rules back; unknown keys of older rows are left out."""
    known = TimeRules()
    kept: dict[str, Any] = {
        key: time.fromisoformat(value) if isinstance(getattr(known, key), time) else value
        for key, value in data.items()
        if hasattr(known, key)
    }
    return TimeRules(**kept)


def span_of(pause: Pause) -> PauseSpan:
    """This function will read a pause as a span of local dates, both ends not counted (rulebook X-13)."""
    return PauseSpan(
        started=local_date(pause.started_at),
        ended=local_date(pause.ended_at) if pause.ended_at else None,
        reason=pause.get_reason_display(),
        resumed_at=pause.ended_at,
    )


def due_of(
    standard: Limit,
    triggered_at: datetime,
    *,
    calendar: WorkCalendar,
    rules: TimeRules,
    pauses: Iterable[Pause] = (),
    as_of: datetime | None = None,
    with_steps: bool = False,
) -> Due:
    """This function will compute the due time from the standard's limit and the promise's pauses.

    `as_of` is the moment up to which a receipt of a paused promise lists its days.
    """
    spans = [span_of(pause) for pause in sorted(pauses, key=lambda one: (one.started_at, one.pk))]
    return compute_due(
        clock_of(standard),
        triggered_at,
        calendar=calendar,
        rules=rules,
        pauses=spans,
        as_of=as_of,
        with_steps=with_steps,
    )
