"""The receipt of a promise (时效凭证): its stored inputs, counted again, printed day by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from crm.selectors import calendars
from crm.time import local_date
from crm.time.clocks import Due
from crm.time.closures import Calendars
from servicing.clocks import is_clock
from servicing.models import Commitment, CommitmentEvent, Evidence, Pause
from servicing.models.commitment import State
from servicing.models.standard import Authority
from servicing.timing import due_of, rules_from_data


@dataclass(frozen=True, slots=True)
class Receipt:
    """Why a promise is due when it is: the arithmetic and everything it was made from."""

    commitment: Commitment
    due: Due | None
    pauses: tuple[Pause, ...]
    events: tuple[CommitmentEvent, ...]
    evidence: tuple[Evidence, ...]
    ceiling: Commitment | None

    @property
    def agrees(self) -> bool:
        """This function will say whether counting again gives the stored due time."""
        return self.due is None or self.due.due_at == self.commitment.due_at

    @property
    def ceiling_date(self) -> date | None:
        """This function will return the law's date for the same thing, where there is one."""
        if self.ceiling is None or self.ceiling.due_at is None:
            return None
        return local_date(self.ceiling.due_at)


def receipt_of(row: Commitment, *, as_of: datetime | None = None) -> Receipt:
    """This function will count the promise's due time again from its stored inputs, with every step."""
    pauses = tuple(row.pauses.select_related("by", "approver").order_by("started_at", "pk"))
    other = Authority.STATUTORY if row.standard.authority == Authority.COMPANY else None
    ceiling = (
        Commitment.objects.filter(
            customer_id=row.customer_id, occasion=row.occasion, standard__authority=other
        )
        .select_related("standard")
        .exclude(pk=row.pk)
        .first()
        if other
        else None
    )
    return Receipt(
        commitment=row,
        due=recount(row, pauses, as_of=as_of) if is_clock(row.standard) else None,
        pauses=pauses,
        events=tuple(row.events.select_related("by").order_by("at", "pk")),
        evidence=tuple(row.evidence.select_related("by", "lost").order_by("at", "pk")),
        ceiling=ceiling,
    )


def recount(
    row: Commitment,
    pauses: Iterable[Pause],
    *,
    as_of: datetime | None = None,
    current: Calendars | None = None,
) -> Due:
    """This function will count a promise's due time again from its stored inputs, every step named.

    One small query, and none where the row was counted with the `current` calendars.
    """
    same = current is not None and current.national.version == row.calendar_version
    calendar = (
        current.of(row.calendar_branch)
        if current and same
        else calendars.as_of_version(row.calendar_version, row.calendar_branch)
    )
    return due_of(
        row.standard,
        row.triggered_at,
        calendar=calendar,
        rules=rules_from_data(row.time_rules),
        pauses=pauses,
        as_of=as_of if row.state == State.PAUSED else None,
        with_steps=True,
    )
