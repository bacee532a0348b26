"""Notices to staff about promises and tickets. They leave when the office is open, at least once."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from crm.models import User
from crm.services import messages
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
    """This function will post one notice about a promise to each person who is still here, each person once."""
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


def _post(
    users: Iterable[User], *, kind: str, body: str, link: str, now: datetime, terms: Terms | None
) -> None:
    present = {user.pk: user for user in users if user.is_active}
    if not present:
        return
    terms = terms or selector.in_force()
    messages.notify(
        users=list(present.values()),
        kind=kind,
        body=body,
        link=link,
        now=now,
        not_before=next_opening(now, terms.calendar, terms.rules.time_rules()),
        # the next tick delivers; a sweep of thousands must not ring the broker thousands of times
        nudge=False,
    )
