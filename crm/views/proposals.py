"""What the doors of every proposal share: confirm as its own kind does, send back, withdraw."""

from collections.abc import Callable
from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from crm.models import User
from crm.models.proposal import Proposal
from crm.services import proposals


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
