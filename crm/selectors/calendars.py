"""The working calendar as it stands now, or as it stood at a version that a receipt names."""

from datetime import datetime
from functools import lru_cache

from crm.models import CalendarDay, CalendarNotice
from crm.time.calendar import ListedDay, WorkCalendar
from crm.time.statutory import statutory_days


def current() -> WorkCalendar:
    """This function will give the calendar of the newest reading of every year; one tiny query once it is built."""
    newest = CalendarNotice.objects.order_by("-pk").values_list("pk", "digest", "imported_at").first()
    return _built(*newest) if newest else _empty()


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
