"""Places the days of a ribbon on a strip: cells, brackets, flag, caret and ceiling, in whole pixels. Pure."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from django.utils.translation import gettext as _

from crm.ribbon.days import Day, Kind, due_day, list_days
from crm.ribbon.sentence import write_sentence
from crm.time import SHANGHAI, local_date
from crm.time.clocks import Due
from crm.words import full_day, short_day, weekday

SIDE = 28  # a cell's side
STEP = 31  # from cell to cell
FOLD_WIDTH = 48
MARGIN = 2
TOP = 38  # where the cells begin; flag and caret stand above
DAY_LINE, BRACKET_LINE, NAME_LINE = TOP + SIDE + 14, TOP + SIDE + 21, TOP + SIDE + 34
FLAG_WIDTH = 44
HALF_WORD = 32
LONGEST = 24  # more cells than this fold
KEEP_FIRST, KEEP_LAST = 9, 8
SHORTEST_FOLD = 4  # fewer hidden days than this are shown after all
GLYPH = 12  # the width of one character of a bracket's name


@dataclass(frozen=True, slots=True)
class Cell:
    """One drawn cell: a day, or a fold that stands for several."""

    x: int
    width: int
    day: Day
    label: str
    starts_month: bool = False
    folded: int = 0
    span: str = ""

    @property
    def middle(self) -> int:
        """This function will return the x of the cell's middle."""
        return self.x + self.width // 2

    @property
    def classes(self) -> str:
        """This function will return the CSS classes of the cell's rectangle."""
        if self.folded:
            return "rb-cell rb-fold"
        marks = [f"rb-{self.day.kind}"]
        marks += ["rb-due"] if self.day.is_due else []
        marks += ["rb-provisional"] if self.day.provisional else []
        return " ".join(["rb-cell", *marks])

    @property
    def hatch(self) -> str:
        """This function will return the path of a holiday's hatching, clipped to the cell by arithmetic."""
        x, y, s = self.x, TOP, SIDE
        rising = [f"M{x} {y + k}L{x + k} {y}" for k in (7, 14, 21, s)]
        falling = [f"M{x + k} {y + s}L{x + s} {y + k}" for k in (7, 14, 21)]
        return "".join(rising + falling)


@dataclass(frozen=True, slots=True)
class Bracket:
    """A line under neighbouring cells with one name: a holiday, or the reason of a pause."""

    left: int
    right: int
    name: str
    whole: str

    @property
    def middle(self) -> int:
        """This function will return the x of the name."""
        return (self.left + self.right) // 2


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
    days = list_days(due, until=until, late_until=reached if late else None)
    cells = _place(days, keep={d for d in (today, closed, end, ceiling) if d})
    brackets = _brackets(cells)
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


def _place(days: list[Day], keep: set[date]) -> tuple[Cell, ...]:
    """This function will give each day its x, folding the quiet middle of a long strip."""
    cells: list[Cell] = []
    x = MARGIN
    for folded, group in groupby(_with_fold(days, keep), key=lambda pair: pair[0]):
        run = [day for _fold, day in group]
        for day in run if not folded else run[:1]:
            cell = _fold_cell(x, run) if folded else _cell(x, day, first=not cells)
            cells.append(cell)
            x += cell.width + STEP - SIDE
    return tuple(cells)


def _with_fold(days: list[Day], keep: set[date]) -> list[tuple[bool, Day]]:
    """This function will mark the days that a long strip leaves out: neither first, nor last, nor near a mark."""
    if len(days) <= LONGEST:
        return [(False, day) for day in days]
    tail = next((i for i, day in enumerate(days) if day.is_due), len(days) - 1) + 1
    near = {i + j for i, day in enumerate(days) if day.date in keep for j in (-1, 0, 1)}
    kept = {*range(KEEP_FIRST), *range(tail - KEEP_LAST, tail), *near, len(days) - 1}
    for a, b in pairwise(sorted(i for i in kept if 0 <= i < len(days))):
        if b - a <= SHORTEST_FOLD:
            kept.update(range(a, b))
    return [(i not in kept, day) for i, day in enumerate(days)]


def _cell(x: int, day: Day, *, first: bool) -> Cell:
    """This function will place one day."""
    starts_month = first or day.date.day == 1
    label = f"{day.date.month}/{day.date.day}" if starts_month else str(day.date.day)
    return Cell(x, SIDE, day, label, starts_month)


def _fold_cell(x: int, run: list[Day]) -> Cell:
    """This function will place one cell for a run of days, saying how many and which numbers it hides."""
    numbers = [day.ordinal for day in run if day.ordinal is not None]
    hidden = f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else "".join(str(n) for n in numbers)
    label = _("%(days)d 天") % {"days": len(run)}
    return Cell(x, FOLD_WIDTH, run[0], label, folded=len(run), span=hidden or "⋯")


def _brackets(cells: tuple[Cell, ...]) -> tuple[Bracket, ...]:
    """This function will name each run of holidays and each pause once."""
    found: list[Bracket] = []
    for (kind, note, folded), group in groupby(cells, key=lambda c: (c.day.kind, c.day.note, bool(c.folded))):
        if folded or kind not in (Kind.HOLIDAY, Kind.PAUSED):
            continue
        run = list(group)
        left, right = run[0].x + 2, run[-1].x + SIDE - 2
        whole = note or (_("暂停") if kind is Kind.PAUSED else "")
        room = max(2, (right - left + GLYPH) // GLYPH)
        found.append(Bracket(left, right, whole if len(whole) <= room else whole[: room - 1] + "…", whole))
    return tuple(found)
