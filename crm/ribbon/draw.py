"""Draws a receipt as a strip: its cells with flag, caret, ceiling, sentence and table. Pure."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.ribbon.cells import MARGIN, SIDE, TOP, Bracket, Cell, bracket_runs, place
from crm.ribbon.days import Day, Kind, due_day, list_days
from crm.ribbon.sentence import write_sentence
from crm.time import SHANGHAI, local_date
from crm.time.clocks import Due
from crm.words import full_day, short_day, weekday

DAY_LINE, NAME_LINE = TOP + SIDE + 14, TOP + SIDE + 34  # baselines; the template draws on the same ones
FLAG_WIDTH = 44
HALF_WORD = 32


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark above or below the strip at one x: caret, flag, ceiling."""

    x: int
    word: str
    at_edge: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ribbon's table twin."""

    date: str
    weekday: str
    counts: bool
    ordinal: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Everything the template draws; it holds no markup."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    brackets: tuple[Bracket, ...]
    flag: Mark | None
    caret: Mark | None
    done: Mark | None
    ceiling: Mark | None
    broken: bool
    provisional: bool
    sentence: str
    rows: tuple[Row, ...]


def build_ribbon(
    due: Due,
    *,
    today: date | None = None,
    ceiling: date | None = None,
    closed: date | None = None,
    limit: str = "",
) -> Ribbon:
    """This function will lay out a receipt as a strip of day cells with its sentence and its table.

    `today` draws the caret (and, past the due day, the days it is late); `closed` draws the day it was done
    instead; `ceiling` draws the statutory limit, by default the receipt's own `legal_latest`; `limit` is the
    promise in words, such as 3 个工作日. More than 24 days fold their quiet middle.
    """
    end = due_day(due)
    if ceiling is None and due.legal_latest != end:
        ceiling = due.legal_latest
    reached = closed or today
    late = bool(end and reached and reached > end)
    shown = [d for d in (ceiling, reached if late or end is None else None) if d]
    until = max([local_date(due.starts_at), *shown])
    days = list_days(due, until=until, late_until=reached if late else None, reached=reached)
    cells = place(days, keep={d for d in (today, closed, end, ceiling) if d})
    brackets = bracket_runs(cells)
    at = {cell.day.date: cell for cell in cells if not cell.folded}
    width = max(cells[-1].x + cells[-1].width + MARGIN, at[end].x + FLAG_WIDTH if end in at else 0)
    return Ribbon(
        width=width,
        height=NAME_LINE + 4 if brackets or ceiling else DAY_LINE + 5,
        cells=cells,
        brackets=brackets,
        flag=_flag(due, at, end),
        caret=Mark(at[today].middle, _("今天")) if today in at and not closed else None,
        done=Mark(at[closed].middle, _("办结")) if closed in at else None,
        ceiling=_ceiling(at, ceiling, width),
        broken=late,
        provisional=due.provisional,
        sentence=write_sentence(due, days, end=end, ceiling=ceiling, limit=limit),
        rows=tuple(_row(d) for d in days if d.kind not in (Kind.AFTER, Kind.LATE)),
    )


def _row(day: Day) -> Row:
    """This function will write one line of the table."""
    counts = day.ordinal is not None or day.kind is Kind.ELAPSED
    return Row(full_day(day.date), weekday(day.date), counts, day.ordinal, day.why)


def _flag(due: Due, at: dict[date, Cell], end: date | None) -> Mark | None:
    """This function will plant the flag on the due day with its hour."""
    if end is None or end not in at or due.due_at is None:
        return None
    return Mark(at[end].x + 2, f"{due.due_at.astimezone(SHANGHAI):%H:%M}")


def _ceiling(at: dict[date, Cell], ceiling: date | None, width: int) -> Mark | None:
    """This function will draw the statutory tick at the end of its day, its word kept inside the strip."""
    if ceiling is None or ceiling not in at:
        return None
    x = at[ceiling].x + SIDE + 1
    return Mark(x, _("法定 %(day)s") % {"day": short_day(ceiling)}, at_edge=width - x < HALF_WORD)
