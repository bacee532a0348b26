"""Reading whatever is handed in for a year: the official text, or a file in the format of `notices`."""

import re
from collections.abc import Iterable
from itertools import groupby

from crm.refusal import Refusal
from crm.time.calendar import ListedDay
from crm.time.notice_holidays import Holiday
from crm.time.notice_text import Reading, read_notice_text
from crm.time.notices import Notice, parse_notice

_FILE = re.compile(r"^\s*(?:\[\[holiday\]\]|year\s*=)", re.MULTILINE)


def read_any(text: str, address: str = "") -> Reading:
    """This function will read a notice of either kind; what cannot be is in `problems`, never raised."""
    if not _FILE.search(text):
        return read_notice_text(text, address)
    try:
        notice = parse_notice(text)
    except Refusal as refusal:
        return Reading(None, (), (), (refusal.message,))
    return Reading(notice, (), _holidays(notice), ())


def joined(days: Iterable[ListedDay], carried: Iterable[ListedDay]) -> tuple[ListedDay, ...]:
    """This function will add to a year's days what the next year's notice says of its December."""
    by_date = {day.date: day for day in (*days, *carried)}
    return tuple(by_date[date] for date in sorted(by_date))


def _holidays(notice: Notice) -> tuple[Holiday, ...]:
    """The file's days by name, in order of the calendar; the make-up days of a name stay with it."""
    by_name = sorted(notice.days, key=lambda day: (day.name, day.date))
    found = []
    for name, days in groupby(by_name, key=lambda day: day.name):
        listed = list(days)
        off = tuple(day.date for day in listed if not day.working)
        worked = tuple(day.date for day in listed if day.working)
        found.append(Holiday(tuple(name.split("、")), "", off, worked))
    return tuple(sorted(found, key=lambda holiday: min(holiday.off or holiday.worked)))
