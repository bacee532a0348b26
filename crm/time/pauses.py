"""Pauses as sets of dates: what is known of them at a moment, and where counting lands without them.

Rulebook X-13: dates from the pause to the resume, both included, are not counted; a pause opened and
closed on one date changes nothing; a pause that begins after the due date does not heal it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crm.refusal import Refusal
from crm.time import local_date
from crm.time.calendar import WorkCalendar
from crm.time.clock_parts import PauseSpan

ONE_DAY = timedelta(days=1)
# A longer pause needs a named approver (rulebook X-13, a default).
APPROVAL_AFTER_WORKING_DAYS = 10


class PauseEndsBeforeItStarts(Refusal):
    """The papers came before they were asked for."""


class Landing(NamedTuple):
    """Where a count ends: a day, or nowhere while a pause is open; with the pauses that mattered."""

    day: date | None
    pauses: tuple[PauseSpan, ...]


def known_pauses(pauses: Iterable[PauseSpan], as_of: datetime | None) -> tuple[PauseSpan, ...]:
    """This function will give the pauses as one could know them at `as_of`, in order of their start.

    A pause that starts later is unknown, one that ends later is still open, one of a single date is nothing.
    """
    known = []
    for pause in pauses:
        if pause.ended is not None and pause.ended < pause.started:
            raise PauseEndsBeforeItStarts(f"暂停的恢复日 {pause.ended} 早于开始日 {pause.started}，请核对。")
        if pause.started_at and pause.resumed_at and pause.resumed_at < pause.started_at:
            raise PauseEndsBeforeItStarts(f"{pause.started} 的暂停，恢复时刻早于开始时刻，请核对。")
        if as_of and _is_ahead(pause.started, pause.started_at, as_of):
            continue
        if as_of and pause.ended and _is_ahead(pause.ended, pause.resumed_at, as_of):
            known.append(replace(pause, ended=None, resumed_at=None))
        elif pause.started != pause.ended:
            known.append(pause)
    return tuple(sorted(known, key=lambda pause: (pause.started, pause.ended or date.max)))


def _is_ahead(day: date, moment: datetime | None, as_of: datetime) -> bool:
    """Whether a date, or its moment where that is known, is still to come."""
    return moment > as_of if moment else day > local_date(as_of)


def land(
    day_zero: date,
    amount: int,
    pauses: Sequence[PauseSpan],
    rank: Callable[[date], int],
    nth: Callable[[int], date],
) -> Landing:
    """This function will count `amount` days after day zero, skipping paused dates, without walking them.

    `rank` numbers the days that count and `nth` is its inverse; pauses come from `known_pauses`.
    """
    if amount == 0:
        return Landing(day_zero, ())
    target = rank(day_zero) + amount
    due = nth(target)
    covered = day_zero
    mattered = []
    for pause in pauses:
        if pause.started > due:
            break
        mattered.append(pause)
        if pause.ended is None:
            return Landing(None, tuple(mattered))
        last_counted = max(covered, pause.started - ONE_DAY)
        if pause.ended > last_counted:
            target += rank(pause.ended) - rank(last_counted)
            covered = pause.ended
            due = nth(target)
    return Landing(due, tuple(mattered))


def paused_on(day: date, pauses: Iterable[PauseSpan]) -> PauseSpan | None:
    """This function will find the pause that takes a date out of the count."""
    for pause in pauses:
        if pause.started <= day and (pause.ended is None or day <= pause.ended):
            return pause
    return None


def needs_approver(
    pause: PauseSpan,
    calendar: WorkCalendar,
    until: date | None = None,
    *,
    longest: int = APPROVAL_AFTER_WORKING_DAYS,
) -> bool:
    """This function will say whether a pause is longer than `longest` working days, both ends counted (X-13).

    For an open pause `until` is the date up to which it is measured.
    """
    last = pause.ended or until or pause.started
    length = calendar.working_days_between(pause.started - ONE_DAY, last)
    return length > longest
