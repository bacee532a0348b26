"""The receipt of a clock (时效凭证): every day from day zero to the due day, and why it counts or not."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from crm.time import local
from crm.time.calendar import WorkCalendar
from crm.time.clock_parts import PauseSpan, Step
from crm.time.pauses import paused_on


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def pause_label(pause: PauseSpan) -> str:
    """This function will name a pause on a receipt: 暂停：等待补件."""
    return f"暂停：{pause.reason}" if pause.reason else "暂停"


def opening_steps(received: date, zero: date, calendar: WorkCalendar) -> list[Step]:
    """This function will write the lines up to day zero: receipt out of hours rolls to it (X-07)."""
    rolled = [
        Step(day, False, f"非营业时间收到，顺延（{calendar.why(day)}）", None)
        for day in _days(received, zero - timedelta(days=1))
    ]
    return [*rolled, Step(zero, False, f"起算日，不计入（{calendar.why(zero)}）", 0)]


def counted_steps(
    zero: date, last: date, calendar: WorkCalendar, pauses: Sequence[PauseSpan], *, natural: bool
) -> Iterator[Step]:
    """This function will write a line for each day after day zero, numbering those that count."""
    ordinal = 0
    for day in _days(zero + timedelta(days=1), last):
        why = calendar.why(day)
        pause = paused_on(day, pauses)
        if pause is not None:
            yield Step(day, False, pause_label(pause), None)
        elif natural or calendar.is_working_day(day):
            ordinal += 1
            yield Step(day, True, _natural_label(day, calendar) if natural else why, ordinal)
        else:
            yield Step(day, False, why, None)


def _natural_label(day: date, calendar: WorkCalendar) -> str:
    """Natural days count on holidays too (X-09); the receipt still says that it was one."""
    return "自然日" if calendar.is_working_day(day) else f"自然日（{calendar.why(day)}）"


def same_day_steps(
    received: date, last: date, calendar: WorkCalendar, pauses: Sequence[PauseSpan], *, paused: bool
) -> Iterator[Step]:
    """This function will write the lines of a same-day clock: the day on which it must be done is day 1,
    or day 0 where it is the day of receipt (X-08)."""
    for day in _days(received, last):
        pause = paused_on(day, pauses)
        is_due = day == last and not paused
        if is_due:
            yield Step(day, True, f"当日办结（{calendar.why(day)}）", int(day != received))
        elif pause is not None:
            yield Step(day, False, pause_label(pause), 0 if day == received else None)
        elif day == received:
            late = "已过当日截止时间" if calendar.is_working_day(day) else calendar.why(day)
            yield Step(day, False, f"{late}，顺延", 0)
        else:
            yield Step(day, False, calendar.why(day), None)


def running_steps(starts_at: datetime, due_at: datetime, calendar: WorkCalendar) -> Iterator[Step]:
    """This function will write the lines of an hour clock, which stops for nothing (X-10)."""
    start, end = local(starts_at), local(due_at)
    for day in _days(start.date(), end.date()):
        parts = [f"{start:%H:%M:%S} 起计时"] if day == start.date() else ["连续计时"]
        if day == end.date():
            parts.append(f"{end:%H:%M:%S} 到期")
        if not calendar.is_working_day(day):
            parts.append(f"{calendar.why(day)}不停表")
        yield Step(day, True, "，".join(parts), 0 if day == start.date() else None)


def business_steps(first: date, last: date, calendar: WorkCalendar) -> Iterator[Step]:
    """This function will write the lines of a business-hours clock: worked days count, with their hours."""
    for day in _days(first, last):
        yield Step(day, calendar.is_working_day(day), calendar.why(day), 0 if day == first else None)
