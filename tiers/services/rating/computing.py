"""Computing a rating as long work: rate the customers slice by slice, then choose list by list.

A piece depends on the cursor and the run's terms only; whoever takes it up after a stop goes on at the same place.
The day on which levels are compared is the day the run was asked for, however long it takes.
"""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import rights
from crm.long_jobs import Beat, Kind, Piece, Step
from crm.models import Branch, Customer, LongJob, User
from crm.refusal import Refusal
from crm.selectors.staff import managers_of
from crm.services import messages
from crm.time import local_date
from tiers.models import RatingRow, RatingRun
from tiers.models.run import Pool, Problem, RunState
from tiers.rules import terms
from tiers.services.rating import statements

KIND = "tiers_rating"
SLICE = 10_000


class RunIsGone(Refusal):
    """The run was discarded while it was computed."""


class ScoreIsTooLarge(Refusal):
    """A score would not be a whole number of 63 bits."""


def _open(job: LongJob, now: datetime, beat: Beat) -> Piece:
    run = RatingRun.objects.get(pk=job.params["run"])
    told = terms.read(run.parameters)
    beat(total=Customer.objects.count())

    def piece(cursor: dict[str, Any], now: datetime) -> Step:
        if not RatingRun.objects.filter(pk=run.pk, state=RunState.COMPUTING).exists():
            raise RunIsGone(_("这次评定已作废，不再计算。"))
        if cursor.get("step", "collect") == "collect":
            return _collect(run, told, cursor.get("after", 0))
        return _choose(run, told, cursor, now)

    return piece


def _collect(run: RatingRun, told: terms.Terms, after: int) -> Step:
    """This function will rate one slice of customers."""
    ids = Customer.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    until = ids[SLICE - 1 : SLICE].first() or ids.last()
    if until is None:
        _refuse_too_large(run)
        return Step({"step": "gold"}, phase=_("排名：金牌"))
    seen = ids.filter(pk__lte=until).count()
    rated = statements.collect(run, told, after=after, until=until, day=local_date(run.requested_at))
    return Step({"step": "collect", "after": until}, ok=rated, skipped=seen - rated, phase=_("取数和计分"))


def _choose(run: RatingRun, told: terms.Terms, cursor: dict[str, Any], now: datetime) -> Step:
    """This function will choose the gold lists, then the silver list of one branch a piece, then close the run."""
    if cursor["step"] == "gold":
        statements.choose_gold(run, Pool.MAIN, told.gold_main)
        statements.choose_gold(run, Pool.NEW, told.gold_new)
        return Step({"step": "silver", "done": 0}, phase=_("排名：银牌"))
    seats = sorted(told.silver)
    done = cursor["done"]
    if done < len(seats):
        statements.choose_silver(run, seats[done], told.silver[seats[done]])
        return Step({"step": "silver", "done": done + 1})
    RatingRun.objects.filter(pk=run.pk).update(state=RunState.COMPUTED, computed_at=now)
    _tell(run, now)
    return Step(cursor, finished=True, phase=_("已算完"))


def _refuse_too_large(run: RatingRun) -> None:
    row = RatingRow.objects.filter(run=run, problem=Problem.TOO_LARGE).order_by("pk").first()
    if row is not None:
        raise ScoreIsTooLarge(
            _("客户 %(number)s 的保费乘以系数后超出可精确计算的范围，请核对保费和系数表，作废后重新评定。")
            % {"number": row.number}
        )


def _tell(run: RatingRun, now: datetime) -> None:
    """This function will tell who asked, and the managers of branches with customers but without silver places."""
    if run.requested_by is not None:
        link = reverse("tiers:rating-detail", args=[run.pk])
        body = _("%(year)d 年度评定已算完，请核对后提交。") % {"year": run.year}
        messages.notify(users=[run.requested_by], kind="rating.computed", body=body, now=now, link=link)
    without = RatingRow.objects.filter(run=run, seat=None, problem="").order_by().values("branch")
    named: dict[User, list[str]] = {}
    for branch in Branch.objects.filter(pk__in=without.distinct()).order_by("path"):
        for manager in managers_of(branch):
            named.setdefault(manager, []).append(branch.name)
    for manager, names in named.items():
        body = _("%(names)s没有设置银牌名额，%(year)d 年度评定将没有银牌客户；请尽快向总公司报送名额。") % {
            "names": "、".join(names)[:200],
            "year": run.year,
        }
        messages.notify(users=[manager], kind="rating.no_quota", body=body, now=now)


def _address(job: LongJob, user: User) -> str:
    """This function will give the page of the run to those who may open it."""
    return reverse("tiers:rating-detail", args=[job.params["run"]]) if rights.may(user, "rating_run") else ""


COMPUTING = Kind(KIND, gettext_lazy("评定"), _open, url=_address)
