"""Closing a branch for some days, or opening it again: proposed by one administrator of the head office, confirmed by another.

Sending back and withdrawing are the same for all proposals; what the days do to promises is the receivers' matter.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Branch, BranchClosure, User
from crm.refusal import Refusal
from crm.selectors import calendars
from crm.services import proposals
from crm.services.calendars import Effect, close_branch
from crm.time.closures import Calendars, days_from

LONGEST_DAYS = 62


class ClosureNeedsAReason(Refusal):
    """Nobody closes a branch without a word."""


class DaysDoNotAddUp(Refusal):
    """The days end before they begin, lie in two years, or are too many."""


class NothingWouldChange(Refusal):
    """The branch is closed on those days already, or open already, or nobody works then anyway."""


class BranchHasAnOpenClosure(Refusal):
    """Two decisions about one branch cannot wait at once."""


def propose(
    *,
    branch: Branch,
    first_day: date,
    last_day: date,
    name: str,
    reason: str,
    lifted: bool = False,
    recount: bool = False,
) -> BranchClosure:
    """This function will make a closure that is sound, without saving it, so that it can be looked at first.

    Raises ClosureNeedsAReason, DaysDoNotAddUp, NothingWouldChange.
    """
    if not reason.strip() or not name.strip():
        raise ClosureNeedsAReason(_("请写明停业的名称和理由，责任人和客户凭证上会看到名称。"))
    _check_days(first_day, last_day)
    draft = BranchClosure(
        branch=branch,
        first_day=first_day,
        last_day=last_day,
        name=name.strip()[:20],
        reason=reason.strip()[:200],
        lifted=lifted,
        recount=recount,
    )
    _check_effect(draft, calendars.everywhere())
    return draft


@transaction.atomic
def submit(*, draft: BranchClosure, by: User, now: datetime) -> BranchClosure:
    """This function will hand in a proposed closure for another administrator. Raises BranchHasAnOpenClosure."""
    rights.require(by, BranchClosure.right)
    draft.submitted_by, draft.submitted_at = by, now
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # the table allows one open closure a branch, also for two people at once
        told = {"branch": draft.branch.name}
        raise BranchHasAnOpenClosure(
            _("%(branch)s已有一份停业安排等待确认，请先处理那一份。") % told
        ) from None
    proposals.log("submitted", draft, by=by, now=now, reason=draft.reason)
    return draft


@transaction.atomic
def confirm(*, draft: BranchClosure, by: User, now: datetime) -> tuple[BranchClosure, Effect]:
    """This function will make a closure rule and settle promises by it, and return it with what it did to them.

    Raises what `proposals.confirmable` raises.
    """
    row = proposals.confirmable(draft, by=by)
    _check_effect(row, calendars.everywhere())
    row.notice, effect = close_branch(row, by=by, now=now)
    return proposals.confirmed(row, by=by, now=now), effect


def _check_days(first: date, last: date) -> None:
    if last < first:
        raise DaysDoNotAddUp(_("末日不能早于首日，请核对。"))
    if first.year != last.year:
        raise DaysDoNotAddUp(_("停业跨年时，请按年份分两次提交。"))
    if (last - first).days >= LONGEST_DAYS:
        raise DaysDoNotAddUp(_("一次最多停业 %(n)d 天，请核对日期。") % {"n": LONGEST_DAYS})


def _check_effect(draft: BranchClosure, everywhere: Calendars) -> None:
    here = everywhere.of(draft.branch)
    days = days_from(draft.first_day, draft.last_day)
    if draft.lifted:
        closed = {day.date for day in everywhere.closed_days(draft.branch)}
        if not closed & set(days):
            raise NothingWouldChange(
                _("这几天没有本机构自己的停业安排，不用恢复；上级机构的停业请在上级恢复。")
            )
    elif not any(here.is_working_day(day) for day in days):
        raise NothingWouldChange(_("这几天本来就不上班，不用再登记停业。"))
