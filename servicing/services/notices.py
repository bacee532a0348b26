"""Notices to staff about promises and tickets. They leave when the office is open, at least once."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import StandIn, User
from crm.selectors import stand_ins
from crm.services import messages
from crm.time import local_date
from servicing.due import next_opening
from servicing.models import Commitment, Ticket
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms


def tell(
    row: Commitment,
    users: Iterable[User],
    *,
    kind: str,
    body: str,
    now: datetime,
    terms: Terms | None = None,
) -> None:
    """This function will post one notice about a promise to each person who is still here, each person once.

    Who stands in for one of them on the day when the notice leaves is told as well.
    """
    _post(
        users,
        kind=f"promise_{kind}",
        body=body,
        link=reverse("servicing:commitment-receipt", args=[row.pk]),
        now=now,
        terms=terms,
    )


def tell_of_ticket(row: Ticket, users: Iterable[User], *, body: str, now: datetime) -> None:
    """This function will post one notice about a ticket to each person who is still here."""
    link = reverse("servicing:ticket-detail", args=[row.number])
    _post(users, kind="ticket", body=body, link=link, now=now, terms=None)


class Notice(NamedTuple):
    """What one person is told: of one promise by its id, or of several, which the workbench lists."""

    user: User
    body: str
    about: int | None


def tell_each(told: list[Notice], *, kind: str, now: datetime, terms: Terms) -> None:
    """This function will post to many people at once, to each what concerns them; to who stands in for them as well."""
    present = {one.user.pk: one for one in told if one.user.is_active}
    if not present:
        return
    leaves = next_opening(now, terms.calendar, terms.rules.time_rules())
    letters = [(one.user, one.body, _link(one)) for one in present.values()]
    for row in stand_ins.acting_for([one.user for one in present.values()], on=local_date(leaves)):
        one = present[row.person_id]
        letters.append((row.stand_in, one.body + _instead(row), _link(one)))
    messages.notify_each(letters, kind=f"promise_{kind}", now=now, not_before=leaves)


def _link(one: Notice) -> str:
    if one.about is None:
        return reverse("servicing:workbench")
    return reverse("servicing:commitment-receipt", args=[one.about])


def _instead(row: StandIn) -> str:
    return _("（您正在替 %(name)s 代班）") % {"name": row.person.name}


def _post(
    users: Iterable[User], *, kind: str, body: str, link: str, now: datetime, terms: Terms | None
) -> None:
    present = {user.pk: user for user in users if user.is_active}
    told = set(present)
    if not present:
        return
    terms = terms or selector.in_force()
    leaves = next_opening(now, terms.calendar, terms.rules.time_rules())

    def post(users: list[User], words: str) -> None:
        # the next tick delivers; a sweep of thousands must not ring the broker thousands of times
        messages.notify(
            users=users, kind=kind, body=words, link=link, now=now, not_before=leaves, nudge=False
        )

    post(list(present.values()), body)
    for row in stand_ins.acting_for(present.values(), on=local_date(leaves)):
        if row.stand_in_id not in told:
            told.add(row.stand_in_id)
            post([row.stand_in], body + _instead(row))
