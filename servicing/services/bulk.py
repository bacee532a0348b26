"""What an act on many rows does to one of them: the same services as on its own page, behind the same gates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from crm.bulk_acts import Done
from crm.models import User
from crm.refusal import Refusal
from servicing import access
from servicing.models import Commitment, Ticket
from servicing.selectors.tickets import lead_of
from servicing.services import commitments, notices, tickets


class OutOfReach(Refusal):
    """The row is gone, or went out of the person's branches, since it was ticked."""


class NoClock(Refusal):
    """A ticket without a running promise has nobody to be reminded of it."""


def transfer_ticket(by: User, pk: int, said: Mapping[str, Any], now: datetime) -> Done:
    """This function will give a ticket and its promises to another owner. Raises what the ticket's own act raises."""
    row = _ticket(by, pk)
    tickets.transfer(ticket=row, owner=said["owner"], reason=said["reason"], by=by, now=now)
    return Done(row.customer)


def urge_ticket(by: User, pk: int, said: Mapping[str, Any], now: datetime) -> Done:
    """This function will remind the owner of the ticket's promise that is due first."""
    row = _ticket(by, pk)
    lead = lead_of(row)
    if lead is None:
        raise NoClock(_("这张工单没有时限承诺，没有可以催办的事项。"))
    commitments.urge(commitment=lead, reason=said["reason"], by=by, now=now)
    return Done(row.customer)


def close_ticket(by: User, pk: int, said: Mapping[str, Any], now: datetime) -> Done:
    """This function will close a ticket where its own page would let it be closed."""
    row = _ticket(by, pk)
    tickets.close(ticket=row, summary=said["summary"], by=by, now=now)
    return Done(row.customer)


def urge_promise(by: User, pk: int, said: Mapping[str, Any], now: datetime) -> Done:
    """This function will remind the owner of a promise."""
    row = _promise(by, pk)
    commitments.urge(commitment=row, reason=said["reason"], by=by, now=now)
    return Done(row.customer)


def transfer_promise(by: User, pk: int, said: Mapping[str, Any], now: datetime) -> Done:
    """This function will give a promise to another owner, who is told; one of a ticket goes with its whole ticket."""
    row, owner = _promise(by, pk), said["owner"]
    ticket = getattr(row, "ticket", None) or getattr(row, "ticket_ceiling", None)
    if ticket is not None:
        if ticket.owner_id == owner.pk and row.owner_id == owner.pk:
            return Done(
                row.customer, _("工单 %(n)s 已由%(who)s经办。") % {"n": ticket.number, "who": owner.name}
            )
        tickets.transfer(ticket=ticket, owner=owner, reason=said["reason"], by=by, now=now)
        return Done(row.customer, _("随工单 %(n)s 一起转派。") % {"n": ticket.number})
    moved = commitments.transfer(commitment=row, owner=owner, reason=said["reason"], by=by, now=now)
    body = _("有承诺转派给您：%(s)s") % {"s": moved.title}
    notices.tell(moved, [owner], kind="transferred", body=body, now=now)
    return Done(row.customer)


def _ticket(user: User, pk: int) -> Ticket:
    number = access.visible_tickets(user).filter(pk=pk).values_list("number", flat=True).first()
    if number is None:
        raise OutOfReach(_("这张工单已不在您的权限范围内，没有办理。"))
    return access.ticket(user, number)


def _promise(user: User, pk: int) -> Commitment:
    try:
        return access.commitment(user, pk)
    except Http404:
        raise OutOfReach(_("这项承诺已不在您的权限范围内，没有办理。")) from None
