"""Places the days of a ribbon side by side: cells, folds, and the brackets under them, in whole pixels. Pure."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from django.utils.translation import gettext as _

from crm.ribbon.days import Day, Kind

SIDE = 28  # a cell's side
STEP = 31  # from cell to cell
FOLD_WIDTH = 48
MARGIN = 2
TOP = 38  # where the cells begin; flag and caret stand above
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


def place(days: list[Day], keep: set[date]) -> tuple[Cell, ...]:
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


def bracket_runs(cells: tuple[Cell, ...]) -> tuple[Bracket, ...]:
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
