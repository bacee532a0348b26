"""How a clock stops and runs on. While a pause is open the due time is unknown (rulebook X-13)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Branch, User
from crm.refusal import Refusal
from crm.time import SHANGHAI, local_date
from crm.time.clocks import PauseSpan, needs_approver
from servicing.models import Commitment, Pause, ServiceStandard
from servicing.models.commitment import EventKind, PauseReason, State
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services.commitments import ledger, opening, timing


class CannotBePaused(Refusal):
    """The standard does not allow this reason, or has no clock of days."""


class AlreadyOverdue(Refusal):
    """A pause after the due time does not heal a breach."""


class PauseNeedsApprover(Refusal):
    """A pause of more than ten working days needs a named approver."""


@transaction.atomic
def pause(
    *,
    commitment: Commitment,
    reason: str,
    by: User | None,
    now: datetime,
    note: str = "",
    approver: User | None = None,
) -> Commitment:
    """This function will stop the clock from today, this day included.

    Raises CannotBePaused, AlreadyOverdue, AlreadyPaused, AlreadyClosed, ChangedMeanwhile.
    """
    row = ledger.fresh(commitment)
    if row.state == State.PAUSED:
        raise ledger.AlreadyPaused(_("时限已经暂停，不用再暂停一次。"))
    if reason not in row.standard.pause_reasons:
        raise CannotBePaused(
            _("这项承诺不能因此暂停；可以暂停的原因：%(allowed)s。") % {"allowed": allowed(row.standard)}
        )
    if ledger.is_late(row, now):
        raise AlreadyOverdue(_("已经超时，暂停不能改变结果；请尽快办结。"))
    Pause.objects.create(
        commitment=row, reason=reason, note=note[:200], started_at=now, by=by, approver=approver
    )
    look = too_long_at(now, selector.in_force(row.branch))
    ledger.change(row, state=State.PAUSED, due_at=None, legal_latest=None, look_again_at=look)
    ledger.record(row, EventKind.PAUSED, at=now, now=now, by=by, reason=reason, note=note)
    return row


@transaction.atomic
def resume(
    *, commitment: Commitment, by: User | None, now: datetime, approver: User | None = None
) -> Commitment:
    """This function will let the clock run on; the resume day itself is not counted.

    Raises NotPaused, PauseNeedsApprover (over ten working days without one), AlreadyClosed, ChangedMeanwhile.
    """
    row = ledger.fresh(commitment)
    if row.state != State.PAUSED:
        raise ledger.NotPaused(_("时限没有暂停，不用恢复。"))
    return end_pause(row, at=now, by=by, approver=approver, now=now)


def end_pause(
    row: Commitment,
    *,
    at: datetime,
    by: User | None,
    approver: User | None,
    now: datetime,
    closing: bool = False,
) -> Commitment:
    """This function will end the open pause and count the due time again.

    A closing act is not held up: a long pause that nobody approved is told of in the event instead.
    """
    terms = selector.in_force(row.branch)
    running = row.pauses.get(ended_at__isnull=True)
    # Done in the second of the pause, or before it: then the pause lasted nothing.
    at = max(at, running.started_at)
    approver = approver or running.approver
    long = _is_long(running.started_at, at, terms)
    if long and not closing:
        _require_approval(approver, terms.rules.pause_long_days)
    running.ended_at = at
    running.approver = approver
    running.save(update_fields=["ended_at", "approver"])
    due = timing.recount(row, terms)
    ledger.change(row, state=State.OPEN, **timing.counted(row, due, terms, now=at))
    unapproved = (long and approver is None) or None
    ledger.record(row, EventKind.RESUMED, at=at, now=now, by=by, due_at=due.due_at, unapproved=unapproved)
    opening.note_ceiling(row, opening.of_occasion(row), now=now)
    return row


def _require_approval(approver: User | None, days: int) -> None:
    if approver is None:
        raise PauseNeedsApprover(
            _("暂停超过 %(n)d 个工作日，需要机构管理者批准，请选择批准人。") % {"n": days}
        )
    rights.require(approver, "pause_long")


def allowed(standard: ServiceStandard) -> str:
    """This function will name the reasons for which a standard's clock may stop."""
    return "、".join(str(PauseReason(one).label) for one in standard.pause_reasons) or _("无")


def is_long(started_at: datetime, ended_at: datetime, branch: Branch) -> bool:
    """This function will say whether a pause is longer than the working days that need no approval (rulebook X-13)."""
    return _is_long(started_at, ended_at, selector.in_force(branch))


def _is_long(started_at: datetime, ended_at: datetime, terms: Terms) -> bool:
    span = PauseSpan(local_date(started_at), local_date(ended_at))
    return needs_approver(span, terms.calendar, longest=terms.rules.pause_long_days)


def too_long_at(started_at: datetime, terms: Terms) -> datetime:
    """This function will return the start of the working day on which a pause becomes a long one."""
    before = local_date(started_at) - timedelta(days=1)
    day = terms.calendar.add_working_days(before, terms.rules.pause_long_days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
