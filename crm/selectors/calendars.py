"""The working calendar as it stands now, or as it stood at a version that a receipt names."""

from datetime import date, datetime
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from django.db.models import prefetch_related_objects

from crm.models import Branch, BranchClosure, CalendarDay, CalendarNotice
from crm.time.calendar import ListedDay, WorkCalendar
from crm.time.closures import Calendars, closed_after
from crm.time.notice_reading import joined
from crm.time.notice_text import Reading
from crm.time.statutory import statutory_days

# The State Council publishes next year's days off in autumn; from here on a missing notice deserves a word.
ALARM_DAYS = 60


class Horizon(NamedTuple):
    """The next year without a notice, and the days until it begins (0 and less: it has begun)."""

    year: int
    days_left: int

    @property
    def alarm(self) -> bool:
        """This function will say whether that year is near enough to raise the banner and the health figure."""
        return self.days_left <= ALARM_DAYS


_seen: dict[str, WorkCalendar] = {}


def everywhere() -> Calendars:
    """This function will give the calendars of the newest reading of every year; one tiny query once they are built."""
    newest = CalendarNotice.objects.order_by("-pk").values_list("pk", "digest", "imported_at").first()
    return built(newest)


def built(newest: tuple[int, str, datetime] | None) -> Calendars:
    """This function will give the calendars of which a notice (id, digest, when imported) is the newest; mostly at hand."""
    found = _built(*newest) if newest else _empty()
    _seen["calendar"] = found.national
    return found


def current() -> WorkCalendar:
    """This function will give the country's calendar as it stands now; one tiny query once it is built."""
    return everywhere().national


def last_seen() -> WorkCalendar:
    """This function will give the calendar that this process asked for last: no query, unless it never asked.

    Good enough for a banner; whatever counts days must ask `current`.
    """
    return _seen.get("calendar") or current()


def listed_days(row: CalendarNotice) -> tuple[ListedDay, ...]:
    """This function will list the days of a notice by date; without a query if they are prefetched."""
    return tuple(sorted(ListedDay(day.date, day.working, day.name) for day in row.days.all()))


def candidate(reading: Reading) -> Calendars:
    """This function will give the calendars as they would be if a reading ruled; nothing is written."""
    newest = CalendarNotice.objects.order_by("-pk").values_list("pk", flat=True).first()
    notices = ruling_notices(newest or 0)
    prefetch_related_objects(notices, "days")
    listed = {notice.year: listed_days(notice) for notice in notices}
    for day in reading.carried:
        if day.date.year in listed:
            listed[day.date.year] = joined(listed[day.date.year], [day])
    if reading.notice is not None:
        listed[reading.notice.year] = reading.notice.days
    national = WorkCalendar.build((day for days in listed.values() for day in days), listed)
    return Calendars(national, _closures(newest or 0))


def after_closure(closure: BranchClosure) -> tuple[ListedDay, ...]:
    """This function will list the days on which the closure's branch is closed once it rules, all years."""
    one = closure
    return closed_after(everywhere(), one.branch, one.first_day, one.last_day, one.name, lifted=one.lifted)


def with_closure(closure: BranchClosure) -> Calendars:
    """This function will give the calendars as they would be if a closure ruled; nothing is written."""
    return everywhere().with_closures(closure.branch, after_closure(closure))


def days_changed(closure: BranchClosure) -> list[ListedDay]:
    """This function will list the working days that a closure takes, or those that it gives back."""
    before = set(everywhere().closed_days(closure.branch))
    return sorted(before ^ set(after_closure(closure)))


def horizon(today: date, calendar: WorkCalendar) -> Horizon:
    """This function will say which year's notice is the next one missing, and how near that year is."""
    year = next(year for year in count(today.year) if not calendar.is_published(year))
    return Horizon(year, (date(year, 1, 1) - today).days)


def as_of_version(version: int, branch: Branch | None = None) -> WorkCalendar:
    """This function will give a branch's calendar, or the country's, as it was when notice `version` was the newest."""
    rows = CalendarNotice.objects.filter(pk__lte=version).order_by("-pk")
    newest = rows.values_list("pk", "digest", "imported_at").first()
    return (_built(*newest) if newest else _empty()).of(branch)


def ruling_notices(version: int) -> list[CalendarNotice]:
    """This function will list the newest notice of the country for each year that was read up to a version, by year."""
    rows = CalendarNotice.objects.filter(pk__lte=version, branch__isnull=True).order_by("pk")
    newest = {notice.year: notice for notice in rows}
    return [newest[year] for year in sorted(newest)]


def _closures(version: int) -> dict[int, tuple[ListedDay, ...]]:
    """The closed days of each branch up to a version: those of the newest notice of each year."""
    rows = CalendarNotice.objects.filter(pk__lte=version, branch__isnull=False).order_by("pk")
    newest = {(row.branch_id, row.year): row for row in rows.prefetch_related("days")}
    found: dict[int, tuple[ListedDay, ...]] = {}
    for (branch, _year), row in sorted(newest.items()):
        if branch is not None:
            found[branch] = (*found.get(branch, ()), *listed_days(row))
    return found


def unlisted_statutory_days(row: CalendarNotice) -> tuple[ListedDay, ...]:
    """This function will list the days off by law that a notice does not name: a hint that lines are missing."""
    off = set(row.days.filter(working=False).values_list("date", flat=True))
    return tuple(
        ListedDay(day, False, name)
        for day, name in sorted(statutory_days(row.year).items())
        if day not in off
    )


# A number alone would not do as the key: after a rolled-back import the next notice gets the same number.
@lru_cache(maxsize=8)
def _built(version: int, _digest: str, _imported_at: datetime) -> Calendars:
    notices = ruling_notices(version)
    rows = CalendarDay.objects.filter(notice__in=[notice.pk for notice in notices]).order_by("date")
    days = [ListedDay(*row) for row in rows.values_list("date", "working", "name")]
    national = WorkCalendar.build(days, (notice.year for notice in notices), version=version)
    return Calendars(national, _closures(version))


@lru_cache(maxsize=1)
def _empty() -> Calendars:
    return Calendars(WorkCalendar.build((), ()), {})
