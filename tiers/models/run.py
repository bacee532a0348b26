"""Ratings: one run of a scheme for a year, what it found for each customer, and its way through two people."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models import Branch, Contact, Customer, LongJob, User
from crm.models.proposal import Proposal, constraints_of_a
from tiers.models.assignment import Level, Scheme
from tiers.rules import terms


class RunState(models.TextChoices):
    """The life of a run: computing → computed → published, or discarded before."""

    COMPUTING = "computing", _("计算中")
    COMPUTED = "computed", _("待发布")
    PUBLISHED = "published", _("已发布")
    DISCARDED = "discarded", _("已作废")


class RatingRun(models.Model):
    """One row is one rating, e.g. of 2025, run in January 2026 for the list of 2026. Nothing of it changes once published."""

    scheme = models.CharField(_("体系"), max_length=20, choices=Scheme.choices)
    year = models.PositiveSmallIntegerField(_("评定年度"))
    as_of = models.DateField(_("取数日"))
    active_from = models.DateField(_("名单起"))
    active_to = models.DateField(_("名单止（不含）"))
    # the list holds from this day on: the day after it was approved, and not before its year
    effective_from = models.DateField(_("生效日"), null=True, blank=True)
    parameters = models.JSONField(_("参数"))
    rule_version = models.CharField(_("规则版本"), max_length=20)
    state = models.CharField(_("状态"), max_length=10, choices=RunState.choices, default=RunState.COMPUTING)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("更正")
    )
    job = models.ForeignKey(LongJob, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发起人")
    )
    requested_at = models.DateTimeField(_("发起时间"))
    computed_at = models.DateTimeField(_("算完时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        """Names the table for people; of two runs of a scheme at once, one is told."""

        verbose_name = _("评定")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(state__in=("computing", "computed")),
                name="a_scheme_has_one_open_run",
            ),
            models.UniqueConstraint(
                fields=["scheme", "year"],
                condition=Q(state="published", corrects__isnull=True),
                name="a_year_is_published_once_but_for_corrections",
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(state="published"), name="a_run_is_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False, effective_from__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True, effective_from__isnull=True)),
                name="a_published_run_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year} #{self.pk}"

    @property
    def badge(self) -> str:
        """This function will name the look of the state."""
        return {"computing": "action", "computed": "open", "published": "kept"}.get(self.state, "provisional")


class Pool(models.TextChoices):
    """Where a customer competes for gold (PA-13.1, PA-13.2)."""

    MAIN = "main", _("主榜")
    NEW = "new", _("新客户")


class Won(models.TextChoices):
    """The list in which a customer won its level."""

    MAIN = "main", _("金牌主榜")
    NEW = "new", _("金牌新客户名额")
    SILVER = "silver", _("银牌")


class Problem(models.TextChoices):
    """Why a customer does not compete."""

    NOT_ELIGIBLE = "not_eligible", _("已不是在册单位客户")
    NO_POLICY = "no_policy", _("取数日没有有效的团险保单")
    NO_PREMIUM = "no_premium", _("有效团险保单没有保费")
    TOO_LARGE = "too_large", _("保费或系数过大，无法精确计分")


class CodePointField(models.CharField):  # type: ignore[type-arg]
    """Text that is ordered as Python orders it, by code point, on PostgreSQL too, whatever its locale."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """This function will ask PostgreSQL for the C collation; SQLite compares bytes anyway."""
        found: dict[str, Any] = super().db_parameters(connection)
        return found | {"collation": "C"} if connection.vendor == "postgresql" else found


CHAIN = ("-score", "-premium_fen", "-years", "first_policy", "number")


class RatingRow(models.Model):
    """One row is what a run found for one customer: inputs, score, level. Coefficients are whole hundredths.

    The score is premium_fen × scale × loyalty × profit, a whole number: millionths of a fen. Exact on every database.
    """

    run = models.ForeignKey(RatingRun, models.PROTECT, related_name="rows", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="rating_rows")
    number = CodePointField(_("客户号"), max_length=30)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    # in whose silver list the customer stands; none where neither the branch nor one above it has places
    seat = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    pool = models.CharField(_("榜"), max_length=4, choices=Pool.choices)
    premium_fen = models.BigIntegerField(_("标准保费（分）"))
    years = models.PositiveSmallIntegerField(_("整年数"))
    first_policy = models.DateField(_("首张保单生效"), null=True, blank=True)
    scale = models.PositiveIntegerField(_("规模系数"))
    loyalty = models.PositiveIntegerField(_("忠诚度系数"))
    profit = models.PositiveIntegerField(_("利润系数"))
    score = models.BigIntegerField(_("得分"))
    level = models.CharField(_("层级"), max_length=12, choices=Level.choices, default=Level.ORDINARY)
    won = models.CharField(_("名单"), max_length=6, choices=Won.choices, blank=True)
    rank = models.PositiveIntegerField(_("名次"), null=True, blank=True)
    previous = models.CharField(_("原层级"), max_length=12, choices=Level.choices)
    problem = models.CharField(_("不参评原因"), max_length=12, choices=Problem.choices, blank=True)

    class Meta:
        """Names the table for people; a customer is rated once in a run, a place is taken once."""

        verbose_name = _("评定结果")
        constraints = [
            models.UniqueConstraint(fields=["run", "customer"], name="a_run_rates_a_customer_once"),
            models.UniqueConstraint(
                fields=["run", "won", "rank"],
                condition=Q(won__in=("main", "new")),
                name="a_gold_place_is_taken_once",
            ),
            models.UniqueConstraint(
                fields=["run", "seat", "rank"], condition=Q(won="silver"), name="a_silver_place_is_taken_once"
            ),
            models.CheckConstraint(
                condition=Q(won="", rank__isnull=True, level="ordinary")
                | (Q(won__in=("main", "new"), level="gold") | Q(won="silver", level="silver"))
                & Q(rank__gte=1, problem=""),
                name="a_level_is_won_by_a_rank",
            ),
        ]
        indexes = [
            # the first N of a list are read off these, nobody is sorted (PA-13.1 to PA-13.3)
            models.Index(fields=["run", "pool", "problem", *CHAIN], name="rating_gold_order"),
            models.Index(fields=["run", "seat", "problem", *CHAIN], name="rating_silver_order"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number} {self.level}"

    @property
    def score_shown(self) -> str:
        """This function will write the score in yuan, exactly."""
        return terms.shown(self.score)

    @property
    def movement(self) -> str:
        """This function will say in a word how the level moves: up, down, new, out; nothing where it stays."""
        ranks = list(Level)
        before, after = ranks.index(Level(self.previous)), ranks.index(Level(self.level))
        if before == after:
            return ""
        if before == 0:
            return gettext("新")
        return gettext("出") if after == 0 else (gettext("升") if after > before else gettext("降"))


class RatingSubmission(Proposal):
    """One row is a computed run handed in for approval, with the opinion of who hands it in (PA-13.4, X-24)."""

    right = "rating_run"
    log_noun = "tiers.rating"
    called = _("评定名单")

    run = models.ForeignKey(RatingRun, models.PROTECT, related_name="submissions")
    opinion = models.CharField(_("意见"), max_length=200)

    class Meta:
        """Names the table for people; a run waits for one decision at a time."""

        verbose_name = _("评定提交")
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(decision=""), name="a_run_has_one_open_submission"
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(decision="confirmed"), name="a_run_is_approved_once"
            ),
            models.CheckConstraint(condition=~Q(opinion=""), name="a_submission_gives_an_opinion"),
            *constraints_of_a("rating"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.decision or 'open'}"

    def logged(self) -> dict[str, Any]:
        """This function will name the run and its year."""
        return {"run": self.run_id, "scheme": self.run.scheme, "year": self.run.year}


class ClubMembership(models.Model):
    """One row is a person in the group's top-customer club while the customer is gold (PA-16.1)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="club")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="club", verbose_name=_("会员"))
    run = models.ForeignKey(RatingRun, models.PROTECT, related_name="club", verbose_name=_("依据"))
    active_from = models.DateField(_("起"))
    active_to = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        """Names the table for people; one person a customer."""

        verbose_name = _("顶级客户俱乐部会员")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(active_to__isnull=True),
                name="a_customer_has_one_club_member",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}:{self.contact_id}"
