"""What is done to a ticket, one address a verb. A refused act shows the page again with what was typed."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.views.decorators.http import require_POST

from crm import access as gates
from crm import rights
from crm.models import User
from crm.refusal import Refusal
from crm.services import form_tokens
from crm.views.lists import with_trail
from crm.views.pages import REFUSED, signed_in
from servicing import access
from servicing.selectors.desk import Desk, desk_of
from servicing.services.tickets import StaleTicket
from servicing.views.panes import ACTS, Pane, pane, panes_of, run
from servicing.views.ticket_detail import page_context

VERBS = tuple(ACTS)
STALE = 409


@require_POST
@gates.needs("ticket_work")
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """This function will do one act and lead back to the ticket; sent twice it is done once.

    A refusal is shown beside the form (422); where somebody else was faster, the newer thread is shown with
    what was typed (409), and sending again then counts.
    """
    user, now = signed_in(request), read_clock()
    if verb == "transfer":
        rights.require(user, "ticket_transfer")
    desk = desk_of(access.ticket(user, number), user=user, now=now)
    asked = pane(desk, verb, now=now, data=request.POST, token=request.POST.get("token", ""))
    if not asked.form.is_valid():
        return _again(request, desk, asked, user=user, now=now, status=REFUSED)
    address = reverse("servicing:ticket-detail", args=[number])

    def once() -> str:
        run(asked, by=user, now=now, version=_version(request))
        messages.success(request, ACTS[verb].done)
        return address

    try:
        done = form_tokens.once(token=_fingerprint(request), user=user, now=now, act=once)
        return redirect(with_trail(done, request))
    except StaleTicket as refusal:
        newer = desk_of(access.ticket(user, number), user=user, now=now)
        kept = pane(newer, verb, now=now, data=request.POST)
        kept.form.is_valid()
        kept.form.add_error(None, refusal.message)
        return _again(request, newer, kept, user=user, now=now, status=STALE)
    except Refusal as refusal:
        asked.form.add_error(None, refusal.message)
        return _again(request, desk, asked, user=user, now=now, status=REFUSED)


def _again(
    request: HttpRequest, desk: Desk, kept: Pane, *, user: User, now: datetime, status: int
) -> HttpResponse:
    """This function will show the page with the refused form in its place; one no longer legal stays to be copied."""
    panes = [kept if one.verb == kept.verb else one for one in panes_of(desk, user=user, now=now)]
    if kept not in panes:
        panes.append(replace(kept, legal=False))
    context = page_context(request, desk, panes, kept.verb, now=now)
    return render(request, "servicing/tickets/detail.html", context, status=status)


def _version(request: HttpRequest) -> int:
    """This function will read the version of the ticket that the person saw; a form without one saw none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


def _fingerprint(request: HttpRequest) -> str:
    """This function will join the form's token with what was typed: the same twice is a double click, other words are not."""
    token = request.POST.get("token", "")
    try:
        typed = request.POST.copy()
        typed.pop("csrfmiddlewaretoken", None)
        return str(uuid.uuid5(uuid.UUID(token), typed.urlencode()))
    except ValueError:
        return ""
