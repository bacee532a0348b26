"""How a promise's row is changed and what is written beside it: one conditional UPDATE, one event, one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from crm import bulk
from crm.models import User
from crm.refusal import Refusal
from crm.time.clocks import judge
from servicing.models import Commitment, CommitmentEvent, Ticket
from servicing.models.commitment import State


class AlreadyClosed(Refusal):
    """A closed promise cannot be worked on."""


class AlreadyPaused(Refusal):
    """A second pause was asked for."""


class NotPaused(Refusal):
    """A resume without a pause was asked for."""


class ChangedMeanwhile(Refusal):
    """Somebody else changed the promise between reading and writing."""


def fresh(commitment: Commitment) -> Commitment:
    """This function will read the promise again with what the services need and keep it until the act is done.

    Whoever else acts on it, the sweep included, waits for us. Raises AlreadyClosed on a closed promise.
    """
    row = held(commitment.pk)
    if row.state not in (State.OPEN, State.PAUSED):
        raise AlreadyClosed(_("这项承诺已经%(state)s，不能再办理。") % {"state": State(row.state).label})
    return row


def held(pk: int) -> Commitment:
    """This function will lock a promise until the transaction ends, and read it with what the services need."""
    lock([pk])
    return Commitment.objects.select_related("standard", "customer", "owner", "branch").get(pk=pk)


def lock(pks: Sequence[int]) -> None:
    """This function will keep promises until the transaction ends, their tickets before them, joined to nothing.

    Who works on a ticket holds it before its promises; what a promise's change does to its ticket
    (`servicing/leading.py`) must not wait for it the other way round.

    A row that is waited for is joined to what stood before the wait; where its owner or standard was
    changed meanwhile, PostgreSQL would leave it out altogether.
    """
    of_tickets = Ticket.objects.filter(Q(promise__in=pks) | Q(ceiling__in=pks))
    list(of_tickets.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    list(
        Commitment.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk")
    )


def is_late(row: Commitment, moment: datetime) -> bool:
    """This function will say whether a running promise is overdue at a moment, whether the sweep has seen it or not."""
    late = row.due_at is not None and judge(row.due_at, moment) == "broken"
    return late or row.breached_at is not None


def change(row: Commitment, **fields: Any) -> Commitment:
    """This function will write the fields if the row is still as we read it; raises ChangedMeanwhile otherwise."""
    won = Commitment.objects.filter(pk=row.pk, version=row.version).update(version=row.version + 1, **fields)
    if not won:
        raise ChangedMeanwhile(_("这项承诺刚被别人改动，请刷新后再试。"))
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    return row


def record(
    row: Commitment,
    kind: str,
    *,
    at: datetime,
    now: datetime,
    by: User | None = None,
    alarm: str | None = None,
    **detail: Any,
) -> CommitmentEvent:
    """This function will add one event, dated when it became true; an alarm that rang already is refused by the row."""
    made = event(row, kind, at=at, now=now, by=by, alarm=alarm, **detail)
    made.save(force_insert=True)
    return made


def add(events: Iterable[CommitmentEvent]) -> None:
    """This function will add events at once; an alarm that rang already, or rings elsewhere at this moment, stays as it is."""
    bulk.insert_new(list(events))


def event(
    row: Commitment,
    kind: str,
    *,
    at: datetime,
    now: datetime,
    by: User | None = None,
    alarm: str | None = None,
    **detail: Any,
) -> CommitmentEvent:
    """This function will make an event without saving it, for `add`."""
    return CommitmentEvent(
        commitment=row, kind=kind, alarm=alarm, at=at, noticed_at=now, by=by, detail=_plain(detail)
    )


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in detail.items()
        if value not in (None, "")
    }
