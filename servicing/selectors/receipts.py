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
class Arithmetic:
    """Why a promise is due when it is: its stored inputs counted again."""

    commitment: Commitment
    due: Due | None
    pauses: tuple[Pause, ...]
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


@dataclass(frozen=True, slots=True)
class Receipt(Arithmetic):
    """The arithmetic with everything that happened and what proves it."""

    events: tuple[CommitmentEvent, ...]
    evidence: tuple[Evidence, ...]


def receipt_of(row: Commitment, *, as_of: datetime | None = None) -> Receipt:
    """This function will count the promise's due time again from its stored inputs, with every step."""
    pauses = tuple(row.pauses.select_related("by", "approver").order_by("started_at", "pk"))
    return Receipt(
        commitment=row,
        due=recount(row, pauses, as_of=as_of) if is_clock(row.standard) else None,
        pauses=pauses,
        ceiling=_ceiling(row),
        events=tuple(row.events.select_related("by").order_by("at", "pk")),
        evidence=tuple(row.evidence.select_related("by", "lost").order_by("at", "pk")),
    )


def arithmetic_of(row: Commitment, *, as_of: datetime) -> Arithmetic:
    """This function will count one promise again, with every step, without what happened to it."""
    pauses = tuple(row.pauses.order_by("started_at", "pk"))
    due = recount(row, pauses, as_of=as_of) if is_clock(row.standard) else None
    return Arithmetic(row, due, pauses, _ceiling(row))


def arithmetic_of_both(
    company: Commitment | None,
    ceiling: Commitment | None,
    *,
    as_of: datetime,
    current: Calendars,
    just_opened: bool = False,
) -> list[Arithmetic]:
    """This function will count a ticket's clocks again, the company's and the law's; one small query for their pauses.

    None at all where both were just opened and cannot have been paused.
    """
    rows = [one for one in (company, ceiling) if one is not None]
    found: dict[int, list[Pause]] = {row.pk: [] for row in rows}
    if not just_opened:
        for pause in Pause.objects.filter(commitment__in=rows).order_by("started_at", "pk"):
            found[pause.commitment_id].append(pause)
    return [
        Arithmetic(
            row,
            recount(row, found[row.pk], as_of=as_of, current=current) if is_clock(row.standard) else None,
            tuple(found[row.pk]),
            ceiling if row is company else None,
        )
        for row in rows
    ]


def _ceiling(row: Commitment) -> Commitment | None:
    """The law's promise beside a company's."""
    if row.standard.authority != Authority.COMPANY:
        return None
    same = Commitment.objects.filter(customer_id=row.customer_id, occasion=row.occasion)
    law = same.filter(standard__authority=Authority.STATUTORY).exclude(pk=row.pk)
    return law.select_related("standard").first()


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
