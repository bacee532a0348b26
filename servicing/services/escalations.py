"""Who is told when a promise comes near, breaks and stays broken. Decides from promises alone."""

from datetime import datetime

from django.utils.translation import gettext as _

from crm.models import User
from crm.selectors.staff import managers_of
from crm.time import local
from servicing.due import Moment, Rung
from servicing.models import Commitment, Pause
from servicing.selectors.terms import Terms
from servicing.services import notices


def announce(row: Commitment, moment: Moment, *, now: datetime, terms: Terms | None = None) -> None:
    """This function will tell the people of a rung: owner; owner and supervisor; supervisor; branch manager."""
    assert row.due_at is not None  # a paused promise climbs no ladder
    words = {
        Rung.WARN: _("临近时限：%(title)s，%(due)s 到期。"),
        Rung.BREAK: _("已超时：%(title)s，应于 %(due)s 前办结。"),
        Rung.FIRST: _("超时未办结，升级：%(title)s，应于 %(due)s 前办结。"),
        Rung.SECOND: _("超时多日未办结，再次升级：%(title)s，应于 %(due)s 前办结。"),
    }[moment.rung]
    notices.tell(
        row,
        recipients(row, moment.rung),
        kind=str(moment.rung).replace(":", "_"),
        body=words % {"title": row.title, "due": f"{local(row.due_at):%Y-%m-%d %H:%M}"},
        now=now,
        terms=terms,
    )


def announce_long_pause(row: Commitment, pause: Pause, *, now: datetime, terms: Terms | None = None) -> None:
    """This function will tell owner and branch manager that a pause has become long and needs an approver."""
    notices.tell(
        row,
        [row.owner, *managers_of(row.branch)],
        kind="pause_long",
        body=_("暂停已超过规定天数，需要批准：%(title)s（%(reason)s）。")
        % {"title": row.title, "reason": pause.get_reason_display()},
        now=now,
        terms=terms,
    )


def recipients(row: Commitment, rung: Rung) -> list[User]:
    """This function will list whom a rung concerns.

    Where nobody stands above the owner, or who did has left, the branch's managers do. What belongs to
    somebody who has left concerns those above from the first warning on.
    """
    if rung is Rung.SECOND:
        return managers_of(row.branch)
    here = [row.owner] if row.owner.is_active else []
    if rung is Rung.WARN and here:
        return here
    above = row.owner.supervisor
    supervisors = [above] if above and above.is_active else managers_of(row.branch)
    return supervisors if rung is Rung.FIRST else [*here, *supervisors]
