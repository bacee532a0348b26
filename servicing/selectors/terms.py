"""What one act counts by: the calendar and the settings in force, read once and handed down."""

from dataclasses import dataclass

from crm.house_rules import HouseRules
from crm.selectors import calendars, house_rules
from crm.time.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Terms:
    """The working calendar and the house's settings as they stood when the act began."""

    calendar: WorkCalendar
    rules: HouseRules


def in_force() -> Terms:
    """This function will read the calendar and the settings of now; two small queries."""
    return Terms(calendars.current(), house_rules.current())
