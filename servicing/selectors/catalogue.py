"""The catalogue of standards as its pages show it: what is in force, what is still ahead, and what runs under it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from crm.models import User
from crm.refusal import Refusal
from crm.selectors import calendars, house_rules
from crm.time.clocks import Due
from servicing import access, trial
from servicing.catalogue import entry_of, shipped
from servicing.clocks import clock_of, is_clock, shortest_seconds
from servicing.models import ServiceStandard
from servicing.models.commitment import State
from servicing.models.standard import Authority, Programme
from servicing.selectors.standards import ceilings_of, in_force
from servicing.standard_changes import Difference, differences, pause_words, tier_words
from servicing.wording import standard_words

RUNNING = (State.OPEN, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the catalogue is asked for; an empty word asks for everything."""

    text: str = ""
    programme: str = ""
    tier: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One version in words, with the number of promises that run under it (in the list: under any version)."""

    row: ServiceStandard
    running: int = 0
    ahead: ServiceStandard | None = None

    @property
    def limit(self) -> str:
        """This function will say the limit in words."""
        return standard_words(self.row.unit, self.row.amount)

    @property
    def ahead_limit(self) -> str:
        """This function will say the limit of the version that is still ahead."""
        return standard_words(self.ahead.unit, self.ahead.amount) if self.ahead else ""

    @property
    def tiers(self) -> list[tuple[str, str]]:
        """This function will name the levels that the standard is for, each with its key."""
        return list(zip(self.row.tiers, tier_words(self.row.tiers), strict=True))

    @property
    def pauses(self) -> str:
        """This function will name the reasons that may stop the clock."""
        return pause_words(self.row.pause_reasons)


@dataclass(frozen=True, slots=True)
class Tried:
    """The standard run from a moment; where it has no clock, or no version held then, the sentence that says so."""

    at: datetime
    standard: ServiceStandard | None = None
    due: Due | None = None
    ceiling: date | None = None
    refused: str = ""

    @property
    def limit(self) -> str:
        """This function will say the limit that held at the moment."""
        return standard_words(self.standard.unit, self.standard.amount) if self.standard else ""


def shelf(wanted: Wanted, now: datetime) -> list[Shown]:
    """This function will list what is asked for, in the order of the rule book: what holds, with what is ahead.

    One query; the catalogue is a book of some hundred entries.
    """
    versions: dict[str, list[ServiceStandard]] = defaultdict(list)
    for row in ServiceStandard.objects.filter(_not_over(now)).order_by("version"):
        versions[row.code].append(row)
    shown = [_shown(rows, now) for rows in versions.values()]
    return sorted((one for one in shown if _fits(one.row, wanted)), key=_in_book_order())


def with_running(user: User, shown: Iterable[Shown]) -> list[Shown]:
    """This function will count the promises that run under each listed standard, whatever its version; one query."""
    rows = list(shown)
    codes = [one.row.code for one in rows]
    counted = (
        access.visible_commitments(user)
        .filter(state__in=RUNNING, standard__code__in=codes)
        .values_list("standard__code")
        .annotate(n=Count("pk"))
    )
    running = dict(counted)
    return [Shown(one.row, running.get(one.row.code, 0), one.ahead) for one in rows]


def versions(user: User, code: str) -> list[Shown]:
    """This function will list every version of a standard, newest first, with the promises that run under it."""
    rows = list(ServiceStandard.objects.filter(code=code).order_by("-version"))
    counted = (
        access.visible_commitments(user)
        .filter(state__in=RUNNING, standard__in=rows)
        .values_list("standard_id")
        .annotate(n=Count("pk"))
    )
    running: dict[int, int] = dict(counted)
    return [Shown(row, running.get(row.pk, 0)) for row in rows]


def holding(rows: list[Shown], now: datetime) -> Shown:
    """This function will pick the version in force out of all, newest first; else the newest."""
    return next((one for one in rows if holds(one.row, now)), rows[0])


def holds(row: ServiceStandard, now: datetime) -> bool:
    """This function will say whether a version is in force at the instant."""
    return row.active_from <= now and (row.active_to is None or row.active_to > now)


def comparison(rows: list[Shown], first: int, second: int) -> list[Difference]:
    """This function will compare two versions by number; nothing where one of them does not exist."""
    by_number = {one.row.version: entry_of(one.row) for one in rows}
    if first not in by_number or second not in by_number:
        return []
    return differences(by_number[first], by_number[second])


def try_out(code: str, at: datetime) -> Tried:
    """This function will run the version that held at a moment from that moment, beside the law's date."""
    try:
        standard = in_force(code, at)
        due = _run(standard, at)
        ceiling = _ceiling(standard, at)
    except Refusal as refusal:
        return Tried(at, refused=refusal.message)
    return Tried(at, standard, due, ceiling)


def _run(standard: ServiceStandard, at: datetime) -> Due:
    rules = house_rules.current().time_rules()
    return trial.work_out(standard, at, calendar=calendars.current(), rules=rules)


def _ceiling(standard: ServiceStandard, at: datetime) -> date | None:
    """The date of the law's shortest limit for the same thing from the same start."""
    if standard.authority != Authority.COMPANY:
        return None
    laws = [law for law in ceilings_of(kind=standard.kind, start=standard.start) if is_clock(law)]
    nearest = min(laws, key=lambda law: shortest_seconds(clock_of(law)), default=None)
    return _run(nearest, at).due_date if nearest else None


def _not_over(now: datetime) -> Q:
    return Q(active_to__isnull=True) | Q(active_to__gt=now)


def _shown(rows: list[ServiceStandard], now: datetime) -> Shown:
    current = next((row for row in rows if holds(row, now)), rows[0])
    ahead = next((row for row in rows if row.active_from > now and row.pk != current.pk), None)
    return Shown(current, ahead=ahead)


def _fits(row: ServiceStandard, wanted: Wanted) -> bool:
    text = wanted.text.casefold()
    return (
        (not wanted.programme or row.programme == wanted.programme)
        and (not wanted.authority or row.authority == wanted.authority)
        and (not wanted.tier or not row.tiers or wanted.tier in row.tiers)
        and any(text in one.casefold() for one in (row.code, row.rule, row.name, row.wording))
    )


def _in_book_order() -> Callable[[Shown], tuple[int, int, str]]:
    programmes = {key: place for place, key in enumerate(Programme.values)}
    codes = {code: place for place, code in enumerate(shipped())}
    return lambda one: (programmes[one.row.programme], codes.get(one.row.code, len(codes)), one.row.code)
