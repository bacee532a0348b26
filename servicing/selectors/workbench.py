"""What the workbench shows beside the worklist: what was finished today."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from crm.models import User
from crm.time import end_of_day, local_date
from servicing import access
from servicing.models import Commitment
from servicing.models.commitment import State
from servicing.selectors.ordering import by_latest


def done_today(user: User, *, mine: bool, now: datetime) -> QuerySet[Commitment]:
    """This function will return the promises fulfilled on today's date, the latest first."""
    rows = access.own_commitments(user) if mine else access.visible_commitments(user)
    midnight = end_of_day(local_date(now)) - timedelta(days=1)
    done = rows.filter(state=State.FULFILLED, fulfilled_at__gt=midnight)
    return done.order_by(by_latest(user, "fulfilled_at"), "-pk")
