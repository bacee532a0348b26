"""Reads logins and second factors: where somebody is logged in, and whether they have an app and codes left."""

from datetime import datetime, timedelta

from django.db.models import Count, Q

from crm.models import LoginSession, SecondFactor, User

MOST_SHOWN = 50


def open_logins(user: User, now: datetime) -> list[LoginSession]:
    """This function will list where a person is logged in, newest first; what has outlived its limits is left out."""
    rows = LoginSession.objects.filter(user=user, ended_at__isnull=True, ends_at__gt=now).order_by(
        "-begun_at"
    )
    return [row for row in rows[:MOST_SHOWN] if now - row.last_seen_at < timedelta(minutes=row.idle_minutes)]


def second_factor(user: User) -> SecondFactor | None:
    """This function will return a person's confirmed second factor with the number of recovery codes left."""
    return (
        SecondFactor.objects.filter(user=user, confirmed_at__isnull=False)
        .annotate(codes_left=Count("recovery_codes", filter=Q(recovery_codes__used_at__isnull=True)))
        .first()
    )
