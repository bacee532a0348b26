"""Reads a rating: places and who took them, movements, the cut lines with their neighbours and ties, problems."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.models import Branch
from tiers.models import Level, RatingRow, RatingRun, RatingSubmission
from tiers.models.run import CHAIN, Pool, Won
from tiers.rules import terms

NEIGHBOURS = 20
TIED_SHOWN = 50
CRITERIA_WORDS = {
    "score": _("得分"),
    "premium": _("标准保费"),
    "years": _("整年数"),
    "first_policy": _("首张保单日期"),
    "number": _("客户号"),
}
# the picture of the curve
WIDTH, HEIGHT = 600, 140
AHEAD = (("score", "gt"), ("premium_fen", "gt"), ("years", "gt"), ("first_policy", "lt"), ("number", "lt"))
LEVELS = (Level.GOLD, Level.SILVER, Level.ORDINARY)
# the fields of the chain by the names of `tiers.rules.ranking`
CRITERIA = (
    ("score", "score"),
    ("premium", "premium_fen"),
    ("years", "years"),
    ("first_policy", "first_policy"),
    ("number", "number"),
)


@dataclass(frozen=True, slots=True)
class Places:
    """One list of a run: how many places it has, how many compete and how many were taken."""

    won: str
    seat: Branch | None
    places: int
    candidates: int
    taken: int

    @property
    def vacant(self) -> int:
        """This function will count the places that nobody takes; they lapse."""
        return self.places - self.taken

    @property
    def name(self) -> str:
        """This function will name the list for people."""
        return f"{Won(self.won).label} {self.seat.name}" if self.seat else str(Won(self.won).label)


@dataclass(frozen=True, slots=True)
class Line:
    """The cut of one list: who stands around it, who has the score of the last one in, and what decided."""

    places: Places
    around: list[RatingRow]
    tied: list[RatingRow]
    decided_by: str
    last_in: RatingRow | None
    first_out: RatingRow | None


def runs() -> QuerySet[RatingRun]:
    """This function will list all runs, the newest first."""
    return RatingRun.objects.select_related("requested_by", "corrects", "job").order_by("-pk")


def submissions(run: RatingRun) -> list[RatingSubmission]:
    """This function will list how a run was handed in and decided on, the latest first."""
    return list(run.submissions.select_related("submitted_by", "decided_by").order_by("-pk"))


def lists(run: RatingRun) -> list[Places]:
    """This function will count the lists of a run: gold, gold for new customers, silver of each branch; five queries."""
    told = terms.read(run.parameters)
    rows = RatingRow.objects.filter(run=run)
    rated = rows.filter(problem="").order_by()
    pools = dict(rated.values_list("pool").annotate(n=Count("pk")))
    taken = dict(rated.filter(won=Won.SILVER).values_list("seat").annotate(n=Count("pk")))
    gold = dict(rated.filter(level=Level.GOLD).values_list("won").annotate(n=Count("pk")))
    silver = dict(rated.exclude(level=Level.GOLD).values_list("seat").annotate(n=Count("pk")))
    found = [
        Places(Won.MAIN, None, told.gold_main, pools.get(Pool.MAIN, 0), gold.get(Won.MAIN, 0)),
        Places(Won.NEW, None, told.gold_new, pools.get(Pool.NEW, 0), gold.get(Won.NEW, 0)),
    ]
    for seat in Branch.objects.filter(pk__in=told.silver).order_by("path"):
        competing, places = silver.get(seat.pk, 0), told.silver[seat.pk]
        found.append(Places(Won.SILVER, seat, places, competing, taken.get(seat.pk, 0)))
    return found


def movements(run: RatingRun) -> list[tuple[str, list[int]]]:
    """This function will count who moves from which level (a line) to which (a column), in one query."""
    rows = RatingRow.objects.filter(run=run).order_by().values_list("previous", "level")
    found = {(before, after): n for before, after, n in rows.annotate(n=Count("pk"))}
    return [(before, [found.get((before, after), 0) for after in LEVELS]) for before in LEVELS]


def line(run: RatingRun, of: Places) -> Line:
    """This function will read the cut of one list off the index: its neighbours, its ties and what decided."""
    standing = _standing(run, of)
    first = max(0, of.taken - NEIGHBOURS)
    around = list(standing[first : of.taken + NEIGHBOURS])
    last_in, first_out = _at_the_cut(around, of.taken - first)
    if last_in is None or first_out is None:
        return Line(of, around, [], "", last_in, first_out)
    tied = list(standing.filter(score=last_in.score)[:TIED_SHOWN]) if last_in.score == first_out.score else []
    return Line(of, around, tied, decided_by(last_in, first_out), last_in, first_out)


def decided_by(upper: RatingRow, lower: RatingRow) -> str:
    """This function will name the first criterion of the chain in which two rows differ."""
    return next(name for name, field in CRITERIA if getattr(upper, field) != getattr(lower, field))


def scores(run: RatingRun, of: Places) -> list[int]:
    """This function will read the scores from the top to twice the cut, for the curve."""
    return list(
        _standing(run, of).values_list("score", flat=True)[: max(2 * of.taken, of.taken + NEIGHBOURS)]
    )


def curve(found: list[int], taken: int) -> dict[str, str]:
    """This function will give the points of the curve of scores by rank, and where the cut is; at most 200 points."""
    top = found[0] if found else 0
    if len(found) < 2 or not top:
        return {"points": "", "cut": ""}
    step = max(1, len(found) // 200)
    points = (
        f"{WIDTH * n // (len(found) - 1)},{HEIGHT - HEIGHT * found[n] // top}"
        for n in range(0, len(found), step)
    )
    cut = str(WIDTH * (2 * taken - 1) // (2 * (len(found) - 1))) if 0 < taken < len(found) else ""
    return {"points": " ".join(points), "cut": cut}


def place_of(row: RatingRow) -> int | None:
    """This function will count the place of a customer in its gold ranking, None for one that does not compete."""
    if row.problem:
        return None
    ahead, same = Q(), Q()
    for field, compare in AHEAD:
        ahead |= same & Q(**{f"{field}__{compare}": getattr(row, field)})
        same &= Q(**{field: getattr(row, field)})
    rows = RatingRow.objects.filter(run=row.run_id, pool=row.pool, problem="")
    return rows.filter(ahead).count() + 1


def problems(run: RatingRun) -> list[tuple[str, int]]:
    """This function will count why customers do not compete."""
    rows = RatingRow.objects.filter(run=run).exclude(problem="").order_by("problem")
    found = rows.values_list("problem").annotate(n=Count("pk"))
    words = dict(RatingRow._meta.get_field("problem").flatchoices)
    return [(str(words[problem]), n) for problem, n in found]


def doubles(run: RatingRun) -> list[tuple[str, int]]:
    """This function will list registration numbers that more than one rated customer has; they should be merged."""
    rows = RatingRow.objects.filter(run=run, problem="").exclude(customer__registration_no="")
    found = rows.order_by("customer__registration_no").values_list("customer__registration_no")
    return list(found.annotate(n=Count("pk")).filter(n__gt=1)[:NEIGHBOURS])


def changes(run: RatingRun) -> QuerySet[RatingRow]:
    """This function will list whose level changes: up, down, new, out."""
    moved = Q(previous="gold", level="gold") | Q(previous="silver", level="silver")
    rows = RatingRow.objects.filter(run=run).exclude(moved | Q(previous="ordinary", level="ordinary"))
    return rows.select_related("customer", "branch").order_by("won", "seat", "rank", "number")


def concerned(run: RatingRun) -> QuerySet[RatingRow]:
    """This function will list whoever has or had a level, by list and rank."""
    rows = RatingRow.objects.filter(run=run).exclude(previous=Level.ORDINARY, level=Level.ORDINARY)
    return rows.select_related("customer", "branch").order_by("level", "won", "seat", "rank", "number")


def as_data(run: RatingRun) -> dict[str, Any]:
    """This function will give what a command prints of a run."""
    return {
        "run": run.pk,
        "year": run.year,
        "state": run.state,
        "lists": [
            {
                "list": one.won,
                "branch": one.seat.code if one.seat else None,
                "places": one.places,
                "candidates": one.candidates,
                "taken": one.taken,
                "members": list(_members(run, one)),
            }
            for one in lists(run)
        ],
        "movements": {str(before): dict(zip(LEVELS, row, strict=True)) for before, row in movements(run)},
        "problems": dict(problems(run)),
    }


def _members(run: RatingRun, of: Places) -> Iterable[str]:
    rows = RatingRow.objects.filter(run=run, won=of.won)
    rows = rows.filter(seat=of.seat) if of.seat else rows
    return rows.order_by("rank").values_list("number", flat=True)


def _standing(run: RatingRun, of: Places) -> QuerySet[RatingRow]:
    """This function will put everybody who competes in a list in the order of the chain."""
    rows = RatingRow.objects.filter(run=run, problem="").select_related("customer")
    if of.seat:
        return rows.filter(seat=of.seat).exclude(level=Level.GOLD).order_by(*CHAIN)
    return rows.filter(pool=of.won).order_by(*CHAIN)


def _at_the_cut(around: list[RatingRow], taken: int) -> tuple[RatingRow | None, RatingRow | None]:
    last_in = around[taken - 1] if 0 < taken <= len(around) else None
    return last_in, around[taken] if taken < len(around) else None
