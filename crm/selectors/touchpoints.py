"""Reads who may correct a touchpoint: its writer for a day, then managers who say why."""

from datetime import datetime, timedelta

from crm import rights
from crm.models import Touchpoint, User

OWN_FOR = timedelta(hours=24)


def may_correct(user: User, row: Touchpoint, now: datetime) -> bool:
    """This function will say whether a person may correct the row now."""
    return is_own(user, row, now) or rights.may(user, "touchpoint_correct")


def is_own(user: User, row: Touchpoint, now: datetime) -> bool:
    """This function will say whether the person wrote the row within the last day; only then no reason is asked."""
    fresh = now <= row.recorded_at + OWN_FOR
    return row.by_id == user.pk and fresh and rights.may(user, "touchpoint_record")
