"""The page of one ticket: its clocks and why, its thread, what may be done next."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access as gates
from crm.time import local_date
from crm.views.lists import kept_trail, walk_of
from crm.views.pages import signed_in
from servicing import access
from servicing.models.ticket import TicketState
from servicing.selectors.desk import Desk, desk_of
from servicing.selectors.tickets import TicketRow
from servicing.views.panes import Pane, panes_of

ENDED = {TicketState.WITHDRAWN: "cancelled"}


@require_safe
@gates.needs("ticket_view")
def ticket_detail(request: HttpRequest, number: str) -> HttpResponse:
    """This function will show one ticket; `?act=` opens one of its acts."""
    user, now = signed_in(request), read_clock()
    desk = desk_of(access.ticket(user, number), user=user, now=now)
    panes = panes_of(desk, user=user, now=now)
    wanted = request.GET.get("act", "")
    chosen = next((one.verb for one in panes if one.verb == wanted), _first(desk, panes))
    context = page_context(request, desk, panes, chosen, now=now)
    return render(request, "servicing/tickets/detail.html", context)


def page_context(
    request: HttpRequest, desk: Desk, panes: list[Pane], chosen: str, *, now: datetime
) -> dict[str, Any]:
    """This function will gather what the ticket's template shows; the same for a page and for a refused act."""
    ticket = desk.ticket
    return {
        "now": now,
        "today": local_date(now),
        "ticket": ticket,
        "row": TicketRow(ticket, desk.lead.row if desk.lead else None),
        "desk": desk,
        "panes": panes,
        "chosen": chosen,
        "walk": walk_of(request),
        "kept_trail": kept_trail(request),
        "ended": ENDED.get(TicketState(ticket.state), ""),
        "crumbs": [(_("工单"), reverse("servicing:ticket-list")), (ticket.number, "")],
    }


def _first(desk: Desk, panes: list[Pane]) -> str:
    """This function will name the act that comes next by itself: start or resume the clock, answer, then close."""
    offered = [one.verb for one in panes]
    order = ["complete", "resume", *(["close"] if desk.answered else []), "reply", "close", "note"]
    if desk.ticket.kind not in ("enquiry", "complaint", "request"):
        order = ["complete", "resume", "close", "reply", "note"]
    return next((verb for verb in order if verb in offered), "")
