"""What the calendar pages show: a year with its source and its readings, and the notices that wait for a second person."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import QuerySet

from crm.models import BranchClosure, CalendarDraft, CalendarNotice
from crm.models.proposal import Decision
from crm.selectors.calendars import listed_days
from crm.time.calendar import ListedDay, WorkCalendar
from crm.time.statutory import statutory_days
from crm.time.year_grid import Month, Run, months_of, runs_of

AHEAD = 2


@dataclass(frozen=True, slots=True)
class OneReading:
    """One reading of a year's notice, and the days that it changed against the reading before."""

    row: CalendarNotice
    changed: tuple[ListedDay, ...]
    dropped: tuple[ListedDay, ...]
    ruling: bool


@dataclass(frozen=True, slots=True)
class YearPage:
    """A year as the page shows it."""

    year: int
    published: bool
    months: tuple[Month, ...]
    runs: tuple[Run, ...]
    notice: CalendarNotice | None
    readings: tuple[OneReading, ...]
    working_days: int
    days_off: int
    makeup_days: int


def years_shown(calendar: WorkCalendar, today: date) -> range:
    """This function will give the years that have a page: from the oldest notice to two years ahead."""
    return range(min(calendar.published, default=today.year), today.year + AHEAD + 1)


def year_page(year: int, calendar: WorkCalendar) -> YearPage:
    """This function will gather a year's page; two queries, whatever the number of readings."""
    rows = (
        CalendarNotice.objects.filter(year=year, branch__isnull=True)
        .select_related("imported_by")
        .order_by("pk")
    )
    readings = list(rows.prefetch_related("days"))
    days = listed_days(readings[-1]) if readings else _by_law(year)
    months = months_of(calendar, year, days)
    return YearPage(
        year=year,
        published=calendar.is_published(year),
        months=months,
        runs=runs_of(days),
        notice=readings[-1] if readings else None,
        readings=_history(readings),
        working_days=sum(month.working_days for month in months),
        days_off=sum(not day.working for day in days),
        makeup_days=sum(day.working for day in days),
    )


def _by_law(year: int) -> tuple[ListedDay, ...]:
    return tuple(ListedDay(day, False, name) for day, name in sorted(statutory_days(year).items()))


def _history(readings: list[CalendarNotice]) -> tuple[OneReading, ...]:
    """Newest first."""
    sets: list[set[ListedDay]] = [set(listed_days(row)) for row in readings]
    steps = [(after - before, before - after) for before, after in pairwise(sets)]
    first: list[tuple[set[ListedDay], set[ListedDay]]] = [(set(), set())]
    told = zip(readings, first + steps, strict=True) if readings else ()
    found = [
        OneReading(row, tuple(sorted(new)), tuple(sorted(old)), row is readings[-1])
        for row, (new, old) in told
    ]
    return tuple(reversed(found))


def open_drafts() -> QuerySet[CalendarDraft]:
    """This function will find the notices that wait for a second person, oldest first."""
    return CalendarDraft.objects.filter(decision="").select_related("submitted_by").order_by("pk")


def decided_drafts(limit: int = 10) -> QuerySet[CalendarDraft]:
    """This function will find the notices decided last, newest first."""
    rows = CalendarDraft.objects.exclude(decision="").select_related("submitted_by", "decided_by")
    return rows.order_by("-decided_at")[:limit]


def draft(pk: int) -> CalendarDraft | None:
    """This function will find a handed-in notice with the people and the reading of it."""
    rows = CalendarDraft.objects.select_related("submitted_by", "decided_by", "notice")
    return rows.filter(pk=pk).first()


def closures(year: int | None = None) -> QuerySet[BranchClosure]:
    """This function will list the closures that were confirmed, of a year or the last ones, newest first."""
    rows = BranchClosure.objects.filter(decision=Decision.CONFIRMED).select_related("branch", "decided_by")
    return (rows.filter(first_day__year=year) if year else rows).order_by("-first_day", "-pk")


def open_closures() -> QuerySet[BranchClosure]:
    """This function will find the closures that wait for a second person, oldest first."""
    rows = BranchClosure.objects.filter(decision="").select_related("branch", "submitted_by")
    return rows.order_by("pk")


def closure(pk: int) -> BranchClosure | None:
    """This function will find a proposed closure with its branch and people."""
    rows = BranchClosure.objects.select_related("branch", "submitted_by", "decided_by", "notice")
    return rows.filter(pk=pk).first()
