"""Checks every sentence about the data and tells head office, once a day, which of them are not true."""

import logging
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.refusal import Refusal
from crm.selectors import invariants
from crm.selectors.invariants import Finding
from crm.services import alarms
from crm.services.runs import Outcome

logger = logging.getLogger(__name__)


class InvariantsAreBroken(Refusal):
    """Some sentence about the data is not true; the message names each with its rows."""


def audit(*, now: datetime) -> list[Finding]:
    """This function will check all sentences, and where some are not true log them and ring today's alarm."""
    found = list(invariants.findings(now=now))
    broken = [one for one in found if not one.holds]
    for one in broken:
        logger.error("invariant %s is broken by %d rows: %s", one.key, one.count, ", ".join(one.first))
    if broken:
        alarms.tell_head_office(kind="invariants", words=words(broken), now=now, link=reverse("crm:job-list"))
    return found


def checked(*, now: datetime) -> Outcome:
    """This function will do the nightly check; raises InvariantsAreBroken where some sentence is not true."""
    found = audit(now=now)
    broken = [one for one in found if not one.holds]
    if broken:
        raise InvariantsAreBroken(words(broken))
    return Outcome(done=len(found))


def words(broken: list[Finding]) -> str:
    """This function will say which sentences are not true, each with its first rows."""
    return _("数据核对有 %(count)d 条不成立：%(lines)s。") % {
        "count": len(broken),
        "lines": "；".join(one.words() for one in broken),
    }
