"""How commands print a due time: its arithmetic day by day, and moments with their weekday."""

from collections.abc import Iterator
from datetime import datetime

from crm.time import local
from crm.time.clocks import Due

WEEKDAYS = "一二三四五六日"


def moment(instant: datetime) -> str:
    """This function will write an instant on the Shanghai clock, weekday included."""
    at = local(instant)
    return f"{at:%Y-%m-%d}（周{WEEKDAYS[at.weekday()]}）{at:%H:%M:%S}"


def arithmetic(due: Due) -> Iterator[str]:
    """This function will write one line a day: whether it counts, as which day of the limit, and why."""
    yield f"起算 {moment(due.starts_at)}"
    for step in due.steps:
        number = (
            f"第 {step.ordinal} 日" if step.counts and step.ordinal else "计入" if step.counts else "不计"
        )
        yield f"  {step.date}  {number}  {step.why}"
    ends = moment(due.due_at) if due.due_at else "暂停中，恢复后重新计算"
    yield f"到期 {ends}{'（暂定：该年放假安排尚未公布）' if due.provisional else ''}"
    if due.legal_latest:
        yield f"法定最迟 {due.legal_latest}"
