"""What one act counts by: the calendars and the settings in force, read once and handed down."""

from dataclasses import dataclass, replace

from crm.house_rules import HouseRules
from crm.models import Branch
from crm.selectors import in_force as selectors
from crm.time.calendar import WorkCalendar
from crm.time.closures import Calendars
from servicing.clocks import Limit, knows_closures


@dataclass(frozen=True, slots=True)
class Terms:
    """The working calendars and the house's settings as they stood when the act began, for one branch or the country."""

    calendars: Calendars
    rules: HouseRules
    branch: Branch | None = None

    @property
    def calendar(self) -> WorkCalendar:
        """This function will give the calendar by which the branch works."""
        return self.calendars.of(self.branch)

    def at(self, branch: Branch | None) -> "Terms":
        """This function will give the same terms for another branch, or for the country."""
        return replace(self, branch=branch)

    def counting(self, standard: Limit) -> WorkCalendar:
        """This function will give the calendar that a standard is counted by: the law knows no local closures."""
        return self.calendar if knows_closures(standard) else self.calendars.national

    def closures_of(self, standard: Limit) -> Branch | None:
        """This function will name the branch whose closures a count under these terms takes in; mostly none."""
        return None if self.counting(standard) is self.calendars.national else self.branch


def in_force(branch: Branch | None = None) -> Terms:
    """This function will read the calendars and the settings of now in one small query."""
    found = selectors.in_force()
    return Terms(found.calendars, found.rules, branch)
