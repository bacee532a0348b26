"""Counts tries of passwords and codes, and closes the door for a while. A try is written before it is checked,
so that a hundred tries at once are counted like a hundred one after another.

Three rules over the last fifteen minutes, refused tries not counted:
five failures in a row for one subject from one place; ten for one subject from all places that its owner has not
logged in from lately; thirty from one place for subjects that are strange there. Who works behind the office's one
address and has logged in there before is held up by the first rule only, so nobody else can lock them out.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import takewhile

from django.utils.translation import gettext as _

from crm import addresses, trace
from crm.models import LoginTry
from crm.models.login import Outcome
from crm.refusal import Refusal

IN_A_ROW = 5
OF_STRANGERS = 10
OF_A_PLACE = 30
REST = timedelta(minutes=15)
KEPT = timedelta(days=1)
COUNTED = (Outcome.OPEN, Outcome.FAILED)


class TooManyTries(Refusal):
    """There were too many wrong tries; after a rest one may try again."""


def begin(*, subject: str, known: Collection[str] | None = None, now: datetime) -> LoginTry:
    """This function will write down a try before it is checked, or raise TooManyTries.

    `known` are the places that the subject's owner has logged in from lately; without them (codes of a person who
    gave the right password) the rule of places does not hold and every place is strange. Call it outside a
    transaction: what another process has written must be seen.
    """
    place = addresses.household(trace.current().address)
    row = LoginTry.objects.create(subject=subject, place=place, at=now)
    if _closed(row, known, now):
        LoginTry.objects.filter(pk=row.pk).update(outcome=Outcome.REFUSED)
        raise TooManyTries(_("连续输错次数太多，请 15 分钟后再试；仍然不行，请联系系统管理员。"))
    return row


def settle(row: LoginTry, *, won: bool) -> None:
    """This function will say how a try ended."""
    LoginTry.objects.filter(pk=row.pk).update(outcome=Outcome.WON if won else Outcome.FAILED)


def forget(*, now: datetime) -> int:
    """This function will delete tries older than a day and return how many; twice is the same as once."""
    return LoginTry.objects.filter(at__lt=now - KEPT).delete()[0]


def _closed(row: LoginTry, known: Collection[str] | None, now: datetime) -> bool:
    since = now - REST
    rows = list(
        LoginTry.objects.filter(subject=row.subject, at__gt=since)
        .exclude(outcome=Outcome.REFUSED)
        .order_by("-pk")
        .values_list("place", "outcome")
    )
    here = [outcome for place, outcome in rows if place == row.place]
    if len(list(takewhile(lambda outcome: outcome != Outcome.WON, here))) > IN_A_ROW:
        return True
    own = known or ()
    if row.place in own:
        return False
    if sum(place not in own and outcome in COUNTED for place, outcome in rows) > OF_STRANGERS:
        return True
    if known is None:
        return False
    return LoginTry.objects.filter(place=row.place, at__gt=since, outcome__in=COUNTED).count() > OF_A_PLACE
