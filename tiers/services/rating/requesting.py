"""Asking for a rating: for which year, by which terms, and what it corrects (rulebook PA-13)."""

from contextlib import suppress
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import house_rules, rights
from crm.models import Branch, User
from crm.refusal import Refusal
from crm.selectors.house_rules import current
from crm.services import audit, long_jobs
from crm.services.long_jobs import CannotBeCancelled
from crm.time import local_date
from tiers.models import RatingRun, Scheme
from tiers.models.run import RunState
from tiers.rules.ranking import QuotaIsNotSet
from tiers.rules.terms import RULE_VERSION, Terms, nearest_seats, table
from tiers.services.rating.computing import KIND

FEN = 100
OPEN = (RunState.COMPUTING, RunState.COMPUTED)


class YearIsNotOver(Refusal):
    """A year is rated after its 31 December."""


class YearIsPublished(Refusal):
    """The year has its list, or a later one is in force."""


class RunIsOpenAlready(Refusal):
    """Another rating of the scheme is under way."""


class RunIsNotOpen(Refusal):
    """The run was published or discarded."""


class QuotaBranchIsUnknown(Refusal):
    """The silver places name a branch that does not exist."""


def request(*, year: int, by: User | None, now: datetime, corrects: RatingRun | None = None) -> RatingRun:
    """This function will begin the rating of a year and queue its computing; of two at once one is told.

    `by` is None for a command. Raises YearIsNotOver, YearIsPublished, QuotaIsNotSet, QuotaBranchIsUnknown,
    RunIsOpenAlready.
    """
    if by is not None:
        rights.require(by, "rating_run")
    _check_year(year, corrects, now)
    terms = terms_of(current())
    try:
        with transaction.atomic():
            run = RatingRun.objects.create(
                scheme=Scheme.GROUP_VIP,
                year=year,
                as_of=date(year, 12, 31),
                active_from=date(year + 1, 1, 1),
                active_to=date(year + 2, 1, 1),
                parameters=terms.as_json(),
                rule_version=RULE_VERSION,
                corrects=corrects,
                requested_by=by,
                requested_at=now,
            )
            _queue(run, by, now)
    except IntegrityError:
        raise RunIsOpenAlready(
            _("已有一次评定在进行或等待发布，请先发布或作废它，再开始新的评定。")
        ) from None
    return run


def terms_of(rules: house_rules.HouseRules) -> Terms:
    """This function will gather what a rating is told from the settings. Raises QuotaIsNotSet, QuotaBranchIsUnknown."""
    if rules.gold_main_quota is None:
        raise QuotaIsNotSet(_("尚未设置金牌名额（gold_main_quota），请先设置再评定。"))
    branches = dict(Branch.objects.values_list("code", "pk"))
    unknown = sorted(code for code, _places in rules.silver_quota if code not in branches)
    if unknown:
        raise QuotaBranchIsUnknown(
            _("银牌名额（silver_quota）里的机构代码不存在：%(codes)s，请改正设置后再评定。")
            % {"codes": "、".join(unknown)}
        )
    silver = {branches[code]: places for code, places in rules.silver_quota}
    paths = {
        pk: [int(one) for one in path.strip("/").split("/")]
        for pk, path in Branch.objects.values_list("pk", "path")
    }
    return Terms(
        gold_main=rules.gold_main_quota,
        gold_new=rules.gold_new_slots,
        silver=silver,
        seats=nearest_seats(paths, silver),
        scale=table(rules.scale_coefficients, unit=FEN),
        loyalty=table(rules.loyalty_coefficients, unit=1),
        profit=table(rules.profit_coefficients, unit=100),
    )


@transaction.atomic
def discard(*, run: RatingRun, by: User, now: datetime) -> RatingRun:
    """This function will set an unpublished run aside and stop its computing. Raises RunIsNotOpen."""
    rights.require(by, "rating_run")
    row = open_run(run.pk)
    if row.submissions.filter(decision="").exists():
        raise RunIsNotOpen(_("名单正等待批准，请先撤回或退回，再作废。"))
    RatingRun.objects.filter(pk=row.pk).update(state=RunState.DISCARDED)
    if row.job_id is not None:
        with suppress(CannotBeCancelled):  # it has ended, there is nothing to stop
            long_jobs.cancel(pk=row.job_id, by=by, now=now)
    audit.log(action="tiers.rating.discarded", subject=row, by=by, now=now, after={"year": row.year})
    row.refresh_from_db()
    return row


def open_run(pk: int) -> RatingRun:
    """This function will hold an unpublished run until the act is done. Raises RunIsNotOpen."""
    row = RatingRun.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.state not in OPEN:
        raise RunIsNotOpen(_("这次评定%(word)s，不能再处理。") % {"word": row.get_state_display()})
    return row


def _check_year(year: int, corrects: RatingRun | None, now: datetime) -> None:
    if local_date(now) <= date(year, 12, 31):
        raise YearIsNotOver(_("%(year)d 年度尚未结束，请在 12 月 31 日之后评定。") % {"year": year})
    if local_date(now) >= date(year + 1, 12, 31):
        raise YearIsPublished(_("%(year)d 年度的名单所属年份已经结束，不能再评定。") % {"year": year})
    published = RatingRun.objects.filter(scheme=Scheme.GROUP_VIP, state=RunState.PUBLISHED)
    if published.filter(year__gt=year).exists():
        raise YearIsPublished(_("已有更晚年度的名单生效，不能再评定 %(year)d 年度。") % {"year": year})
    latest = published.filter(year=year).order_by("-published_at", "-pk").first()
    if latest != corrects:
        if latest is None:
            raise YearIsPublished(_("要更正的名单不是 %(year)d 年度已发布的名单，请核对。") % {"year": year})
        raise YearIsPublished(
            _("%(year)d 年度的名单已发布（第 %(pk)d 号），如需更正，请打开最近发布的那一次，点“更正”。")
            % {"year": year, "pk": latest.pk}
        )


def _queue(run: RatingRun, by: User | None, now: datetime) -> None:
    run.job = long_jobs.request(
        kind=KIND,
        title=_("%(year)d 年度团险 VIP 评定") % {"year": run.year},
        by=by,
        now=now,
        key=f"run:{run.pk}",
        params={"run": run.pk},
    )
    run.save(update_fields=["job"])
    audit.log(
        action="tiers.rating.requested",
        subject=run,
        by=by,
        now=now,
        after={"year": run.year, "corrects": run.corrects_id, **run.parameters},
    )
