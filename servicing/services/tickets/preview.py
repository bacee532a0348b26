"""Which clocks a request would start, worked out before it is saved. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime

from crm.models import Customer
from crm.time import local_date
from crm.time.clocks import Due
from servicing.models import ServiceStandard, Ticket
from servicing.selectors import standards
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services.tickets import intake
from servicing.timing import due_of
from servicing.wording import limit_words
from tiers.models import Level, Scheme
from tiers.selectors import tier_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One promise that would be made, with its due time."""

    standard: ServiceStandard
    due: Due

    @property
    def limit(self) -> str:
        """This function will say the limit in words."""
        return limit_words(self.standard.unit, self.standard.amount)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What saving a request would promise: under which tier, until when, or that its clock would wait for papers."""

    tier: str
    company: Foreseen | None
    ceiling: Foreseen | None
    waits: bool
    pauses: bool

    @property
    def tier_word(self) -> str:
        """This function will name the tier on the day of receipt."""
        return str(Level(self.tier).label)


def outlook(
    *,
    customer: Customer,
    kind: str,
    change_type: str,
    channel: str,
    received_at: datetime,
    papers_complete: bool,
) -> Outlook:
    """This function will say which promises a request would start, as `open_ticket` would make them now.

    Raises what choosing and counting raise, e.g. DateOutsideCalendar.
    """
    tier = tier_of(customer, Scheme.GROUP_VIP, local_date(received_at))
    draft = Ticket(kind=kind, change_type=change_type, customer=customer, tier=tier)
    terms = selector.in_force(customer.branch)
    choice = intake.clocks_of(draft, terms)
    waits = not papers_complete and intake.starts_when_complete(draft, terms)
    return Outlook(
        tier=tier,
        company=_foresee(choice.company, received_at, channel, terms),
        ceiling=_foresee(choice.ceiling, received_at, channel, terms),
        waits=waits,
        pauses=not papers_complete and not waits and choice.company is not None,
    )


def _foresee(code: str | None, at: datetime, channel: str, terms: Terms) -> Foreseen | None:
    if code is None:
        return None
    standard = standards.in_force(code, at)
    due = due_of(
        standard,
        at.replace(microsecond=0),
        calendar=terms.counting(standard),
        rules=terms.rules.time_rules(channel),
        with_steps=True,
    )
    return Foreseen(standard, due)
