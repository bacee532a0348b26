"""The working calendar as it stands now, or as it stood at a version that a receipt names."""

from datetime import date, datetime
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from django.db.models import prefetch_related_objects

from crm.models import CalendarDay, CalendarNotice
from crm.time.calendar import ListedDay, WorkCalendar
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


def current() -> WorkCalendar:
    """This function will give the calendar of the newest reading of every year; one tiny query once it is built."""
    newest = CalendarNotice.objects.order_by("-pk").values_list("pk", "digest", "imported_at").first()
    _seen["calendar"] = _built(*newest) if newest else _empty()
    return _seen["calendar"]


def last_seen() -> WorkCalendar:
    """This function will give the calendar that this process asked for last: no query, unless it never asked.

    Good enough for a banner; whatever counts days must ask `current`.
    """
    return _seen.get("calendar") or current()


def listed_days(row: CalendarNotice) -> tuple[ListedDay, ...]:
    """This function will list the days of a notice by date; without a query if they are prefetched."""
    return tuple(sorted(ListedDay(day.date, day.working, day.name) for day in row.days.all()))


def candidate(reading: Reading) -> WorkCalendar:
    """This function will give the calendar as it would be if a reading ruled; nothing is written."""
    newest = CalendarNotice.objects.order_by("-pk").values_list("pk", flat=True).first()
    notices = ruling_notices(newest or 0)
    prefetch_related_objects(notices, "days")
    listed = {notice.year: listed_days(notice) for notice in notices}
    for day in reading.carried:
        if day.date.year in listed:
            listed[day.date.year] = joined(listed[day.date.year], [day])
    if reading.notice is not None:
        listed[reading.notice.year] = reading.notice.days
    return WorkCalendar.build((day for days in listed.values() for day in days), listed)


def horizon(today: date, calendar: WorkCalendar) -> Horizon:
    """This function will say which year's notice is the next one missing, and how near that year is."""
    year = next(year for year in count(today.year) if not calendar.is_published(year))
    return Horizon(year, (date(year, 1, 1) - today).days)


def as_of_version(version: int) -> WorkCalendar:
    """This function will give the calendar as it was when notice `version` was the newest."""
    rows = CalendarNotice.objects.filter(pk__lte=version).order_by("-pk")
    newest = rows.values_list("pk", "digest", "imported_at").first()
    return _built(*newest) if newest else _empty()


def ruling_notices(version: int) -> list[CalendarNotice]:
    """This function will list the newest notice of each year that was read up to a version, by year."""
    newest = {notice.year: notice for notice in CalendarNotice.objects.filter(pk__lte=version).order_by("pk")}
    return [newest[year] for year in sorted(newest)]


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
def _built(version: int, _digest: str, _imported_at: datetime) -> WorkCalendar:
    notices = ruling_notices(version)
    rows = CalendarDay.objects.filter(notice__in=[notice.pk for notice in notices]).order_by("date")
    days = [ListedDay(*row) for row in rows.values_list("date", "working", "name")]
    return WorkCalendar.build(days, (notice.year for notice in notices), version=version)


@lru_cache(maxsize=1)
def _empty() -> WorkCalendar:
    return WorkCalendar.build((), ())
