"""The calendar data that comes with the product: one file per year, read once."""

from functools import cache
from pathlib import Path

from crm.time.calendar import WorkCalendar
from crm.time.notices import Notice, parse_notice

FOLDER = Path(__file__).resolve().parents[1] / "calendars" / "cn"


@cache
def shipped_notices() -> tuple[Notice, ...]:
    """This function will read every shipped notice, oldest year first."""
    return tuple(parse_notice(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml")))


@cache
def shipped_calendar() -> WorkCalendar:
    """This function will build the calendar of the shipped notices, for tests, benches and a first start."""
    notices = shipped_notices()
    days = (day for notice in notices for day in notice.days)
    return WorkCalendar.build(days, (notice.year for notice in notices))
