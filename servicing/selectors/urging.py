"""Who may remind whom of a promise."""

from datetime import datetime

from crm import rights
from crm.models import User
from servicing.models import Commitment
from servicing.models.commitment import State


def may_urge(user: User, row: Commitment, now: datetime) -> bool:
    """This function will say whether the person may remind the owner: a running promise that is not their own.

    Asks no query. Whether the last reminder is old enough is asked when one is sent.
    """
    running = row.state in (State.OPEN, State.PAUSED) and row.starts_at <= now
    return running and row.owner_id != user.pk and rights.may(user, "promise_urge")
