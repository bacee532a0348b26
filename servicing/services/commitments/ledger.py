"""How a promise's row is changed and what is written beside it: one conditional UPDATE, one event, one transaction."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.models import User
from crm.refusal import Refusal
from servicing.models import Commitment, CommitmentEvent
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
    """This function will read the promise again with what the services need; raises AlreadyClosed on a closed one."""
    row = Commitment.objects.select_related("standard", "customer", "owner", "branch").get(pk=commitment.pk)
    if row.state not in (State.OPEN, State.PAUSED):
        raise AlreadyClosed(_("这项承诺已经%(state)s，不能再办理。") % {"state": State(row.state).label})
    return row


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
    return CommitmentEvent.objects.create(
        commitment=row, kind=kind, alarm=alarm, at=at, noticed_at=now, by=by, detail=_plain(detail)
    )


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in detail.items()
        if value not in (None, "")
    }
