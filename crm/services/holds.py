"""Stopping and resuming the sending to customers. Stopping is the machine's, resuming is a person's."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import TickState, User
from crm.models.job import HoldKind
from crm.models.staff import Role
from crm.refusal import Refusal
from crm.services import audit, messages, recoveries

logger = logging.getLogger(__name__)


class NothingIsHeld(Refusal):
    """Somebody wanted to resume what runs."""


@transaction.atomic
def hold(*, kind: HoldKind, reason: str, now: datetime) -> bool:
    """This function will stop the sending to customers and tell head office, once until a person resumes.

    A doubted clock replaces a backlog as the kind of the hold, because it stops more.
    """
    state = TickState.objects.filter(pk=1)
    fresh = state.filter(held_since__isnull=True).update(
        held_since=now, held_kind=kind, held_reason=reason[:200]
    )
    worse = kind == HoldKind.CLOCK and state.filter(held_kind=HoldKind.BACKLOG).update(
        held_kind=kind, held_reason=reason[:200]
    )
    if not fresh and not worse:
        return False
    logger.error("sending to customers is held: %s", reason)
    audit.log(action="crm.sending.held", subject="crm.tickstate:1", by=None, now=now, reason=reason)
    messages.notify(
        users=list(User.objects.filter(role=Role.HEAD_OFFICE, is_active=True)),
        kind="sending_held",
        body=_("对客户的发送已暂停：%(reason)s 请到“作业”页确认后继续。") % {"reason": reason},
        link="/jobs/recoveries/" if kind == HoldKind.BACKLOG else "/jobs/",
        now=now,
    )
    return True


@transaction.atomic
def resume(*, by: User | None, now: datetime) -> None:
    """This function will let customers' messages leave again; it raises NothingIsHeld where none wait.

    What has missed its window by then is not sent: delivery settles it as 错过.
    """
    held = TickState.objects.filter(pk=1, held_since__isnull=False)
    reason = held.values_list("held_reason", flat=True).first()
    if not held.update(held_since=None, held_kind="", held_reason=""):
        raise NothingIsHeld(_("当前没有暂停的发送，无需恢复。"))
    recoveries.confirm(by=by, now=now)
    audit.log(action="crm.sending.resumed", subject="crm.tickstate:1", by=by, now=now, reason=reason or "")
    messages.nudge_delivery()
