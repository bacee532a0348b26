"""Handing a computed rating in, and publishing it at once when another person approves (rulebook PA-13.4, X-24)."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import User
from crm.models.customer import CustomerStatus
from crm.refusal import Refusal
from crm.services import proposals
from crm.time import local_date
from tiers.models import RatingRow, RatingRun, RatingSubmission
from tiers.models.run import RunState
from tiers.services.rating import club, lists
from tiers.services.rating.requesting import RunIsNotOpen, open_run

SHOWN = 5


class OpinionIsMissing(Refusal):
    """A list is handed in with an opinion."""


class IsHandedInAlready(Refusal):
    """The run waits for a decision already."""


class BookHasMoved(Refusal):
    """Since the computing, levels or customers of the list changed."""


class ListIsOver(Refusal):
    """The year for which the list is meant is over."""


@transaction.atomic
def submit(*, run: RatingRun, opinion: str, by: User, now: datetime) -> RatingSubmission:
    """This function will hand a computed run in for another person. Raises OpinionIsMissing, IsHandedInAlready."""
    rights.require(by, RatingSubmission.right)
    row = open_run(run.pk)
    if row.state != RunState.COMPUTED:
        raise RunIsNotOpen(_("评定还没有算完，算完后再提交。"))
    if not opinion.strip():
        raise OpinionIsMissing(_("请写明意见：名额依据、并列和数据问题如何处理。"))
    _refuse_what_moved(row, now)
    try:
        with transaction.atomic():
            handed_in = RatingSubmission.objects.create(
                run=row, opinion=opinion.strip()[:200], submitted_by=by, submitted_at=now
            )
    except IntegrityError:  # of two at once the table lets one through
        raise IsHandedInAlready(_("这份名单已经提交，正等待批准。")) from None
    proposals.log("submitted", handed_in, by=by, now=now, reason=handed_in.opinion)
    return handed_in


@transaction.atomic
def approve(*, submission: RatingSubmission, by: User, now: datetime) -> RatingRun:
    """This function will publish the run: all levels, the club and the log in one transaction.

    The list holds from tomorrow, and not before its year: what was promised today keeps the level of today.
    Raises what `proposals.confirmable` raises, RunIsNotOpen, BookHasMoved and ListIsOver.
    """
    row = proposals.confirmable(submission, by=by)
    run = open_run(row.run_id)
    _refuse_what_moved(run, now)
    run.effective_from = effective(run, now)
    try:
        with transaction.atomic():
            changes = lists.replace(run, by=by)
    except IntegrityError:  # a level that somebody gives at this moment
        raise BookHasMoved(_("正好有人在调整客户层级，请稍后再批准。")) from None
    club.renew(run, now=now)
    run.state, run.published_at = RunState.PUBLISHED, now
    run.save(update_fields=["state", "published_at", "effective_from"])
    lists.tell(run, changes, by=by, now=now)
    proposals.confirmed(row, by=by, now=now)
    return run


def effective(run: RatingRun, now: datetime) -> date:
    """This function will name the day from which a list approved now holds. Raises ListIsOver."""
    day = max(run.active_from, local_date(now) + timedelta(days=1))
    if day >= run.active_to:
        raise ListIsOver(_("%(year)d 年度的名单所属年份已经结束，不能再发布，请作废。") % {"year": run.year})
    return day


def _refuse_what_moved(run: RatingRun, now: datetime) -> None:
    """This function will refuse a list that is no longer what was looked at; the movements were compared with it."""
    moved = lists.moved_since(run, local_date(now))
    gone = RatingRow.objects.filter(run=run, rank__isnull=False).exclude(
        customer__status=CustomerStatus.ACTIVE, customer__merged_into__isnull=True
    )
    named = sorted({*moved[:SHOWN], *gone.values_list("customer__number", flat=True)[:SHOWN]})
    if named:
        raise BookHasMoved(
            _("计算之后有客户的层级变动、被合并或终止（如 %(numbers)s），请作废后重新评定。")
            % {"numbers": "、".join(named[:SHOWN])}
        )
