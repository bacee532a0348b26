"""What the doors of every proposal share: previewed, then handed in; confirmed as its own kind does, sent back, withdrawn."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _

from crm.models import User
from crm.models.proposal import Proposal
from crm.refusal import Refusal
from crm.services import proposals
from crm.views.pages import signed_in

P = TypeVar("P", bound=Proposal)


def is_handed_in(request: HttpRequest) -> bool:
    """This function will say whether a previewed form travels for the second time, to be handed in."""
    return request.POST.get("act") == "submit"


def handed_in(request: HttpRequest, row: Proposal, address: str) -> HttpResponse:
    """This function will lead from the preview to the page of what was handed in, which waits for the other person."""
    messages.success(request, _("已提交，请另一位总公司管理员核对并确认。"))
    return redirect(address, row.pk)


def decided(
    request: HttpRequest,
    act: str,
    *,
    found: Callable[[], P],
    confirm: Callable[[P, User, datetime], str],
    page: Callable[[HttpRequest, P, str], HttpResponse],
    address: str,
) -> HttpResponse:
    """This function will carry out an act on a proposal and lead back to its page; a refusal stands on the page."""
    row, by, now = found(), signed_in(request), read_clock()
    reason = request.POST.get("reason", "")
    try:
        sentence = decide(act, row, confirm=lambda: confirm(row, by, now), reason=reason, by=by, now=now)
    except Refusal as refusal:
        return page(request, found(), refusal.message)
    messages.success(request, sentence)
    return redirect(address, row.pk)


def decide(
    act: str, proposal: Proposal, *, confirm: Callable[[], str], reason: str, by: User, now: datetime
) -> str:
    """This function will carry out an act on a proposal and say what happened; an unknown act raises Http404.

    `confirm` confirms it and gives the sentence. Raises what confirming, sending back and withdrawing raise.
    """
    if act == "confirm":
        return confirm()
    if act == "return":
        proposals.send_back(proposal=proposal, reason=reason, by=by, now=now)
        return _("已退回给提交人。")
    if act != "withdraw":
        raise Http404
    proposals.withdraw(proposal=proposal, by=by, now=now)
    return _("已撤回。")
