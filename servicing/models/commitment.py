"""Promises with an owner and a clock, their pauses, events and evidence. House rules of the row stand as constraints."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Branch, Customer, Policy, User
from servicing.models.standard import ServiceStandard


class State(models.TextChoices):
    """The four states. A breach is a fact beside the state, never a state."""

    OPEN = "open", _("进行中")
    PAUSED = "paused", _("已暂停")
    FULFILLED = "fulfilled", _("已办结")
    CANCELLED = "cancelled", _("已取消")


class CancelKind(models.TextChoices):
    """Why a promise ended without being kept or broken."""

    WITHDRAWN = "withdrawn", _("客户撤回")
    WAIVED = "waived", _("批准豁免")
    BASELESS = "baseless", _("缘由消失")
    DUPLICATE = "duplicate", _("重复")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Questions asked of promises."""

    def running(self) -> "CommitmentQuerySet":
        """This function will keep promises that are open or paused."""
        return self.filter(state__in=(State.OPEN, State.PAUSED))

    def due_for_a_look(self, now: object) -> "CommitmentQuerySet":
        """This function will keep promises whose next moment to look has come."""
        return self.filter(look_again_at__lte=now)


class Commitment(models.Model):
    """One row is one promise to one customer: answer this silver customer's complaint by 3 May.

    open ⇄ paused → fulfilled | cancelled; `breached_at` (= `due_at`) is set once and never undone.
    A company promise and the law's ceiling for the same thing are two rows with the same occasion.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="commitments")
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="commitments")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="commitments")
    owner = models.ForeignKey(User, models.PROTECT, related_name="commitments", verbose_name=_("责任人"))
    kind = models.CharField(_("事项"), max_length=30)
    occasion = models.CharField(_("场合"), max_length=80)
    title = models.CharField(_("承诺"), max_length=120)
    standard = models.ForeignKey(ServiceStandard, models.PROTECT, related_name="commitments")
    # the inputs of the clock: with pauses and the standard they give the receipt, today and in ten years
    tier = models.CharField(_("起算时层级"), max_length=12, blank=True)
    triggered_at = models.DateTimeField(_("起算时刻"))
    calendar_version = models.PositiveIntegerField(_("日历版本"))
    time_rules = models.JSONField(_("计时规则"), default=dict)
    opened_at = models.DateTimeField(_("登记时刻"))
    starts_at = models.DateTimeField(_("可办起"))
    due_at = models.DateTimeField(_("到期"), null=True, blank=True)
    legal_latest = models.DateField(_("法定最迟"), null=True, blank=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    # the branch whose closed days the count took in; empty where it used the country's calendar alone
    calendar_branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("停业日历")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    look_again_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(_("违约时刻"), null=True, blank=True)
    fulfilled_at = models.DateTimeField(_("办结时刻"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("取消时刻"), null=True, blank=True)
    cancel_kind = models.CharField(_("取消类别"), max_length=10, choices=CancelKind.choices, blank=True)
    cancel_reason = models.CharField(_("取消理由"), max_length=200, blank=True)
    cancel_approver = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="waivers")
    version = models.PositiveIntegerField(default=1)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        """Names the table for people; every sentence about a promise that must be true is a constraint."""

        verbose_name = _("服务承诺")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "occasion"], name="a_promise_is_made_once_per_occasion"
            ),
            models.CheckConstraint(
                condition=Q(state="paused", due_at__isnull=True)
                | (~Q(state="paused") & Q(due_at__isnull=False)),
                name="due_is_unknown_exactly_while_paused",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(starts_at__lte=F("due_at")),
                name="a_promise_starts_before_it_is_due",
            ),
            models.CheckConstraint(
                condition=Q(breached_at__isnull=True) | Q(due_at__isnull=False, breached_at=F("due_at")),
                name="a_breach_happens_at_the_due_time",
            ),
            models.CheckConstraint(
                condition=Q(state="fulfilled", fulfilled_at__isnull=False)
                | (~Q(state="fulfilled") & Q(fulfilled_at__isnull=True)),
                name="fulfilled_says_when",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="cancelled", cancelled_at__isnull=False)
                    & ~Q(cancel_kind="")
                    & ~Q(cancel_reason="")
                )
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True, cancel_kind="", cancel_reason="")),
                name="cancelled_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(cancel_kind="waived") | Q(cancel_approver__isnull=False),
                name="a_waiver_has_an_approver",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "paused")) | Q(look_again_at__isnull=True),
                name="a_closed_promise_sleeps",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("open", "paused"))
                | Q(look_again_at__isnull=False)
                | Q(breached_at__isnull=False),
                name="a_running_promise_is_looked_at_again",
            ),
            models.CheckConstraint(
                condition=Q(fulfilled_at__isnull=True)
                | Q(breached_at__isnull=False)
                | Q(fulfilled_at__lte=F("due_at")),
                name="kept_late_is_broken",
            ),
        ]
        indexes = [
            # the sweep asks which promises to look at now
            models.Index(
                fields=["look_again_at"],
                condition=Q(look_again_at__isnull=False),
                name="commitment_look_again",
            ),
            # the worklist asks what a person has to do next
            models.Index(
                fields=["owner", "due_at"],
                condition=Q(state__in=("open", "paused")),
                name="commitment_worklist",
            ),
            # the branch's worklist, and the kept rate by month of due date
            models.Index(
                fields=["branch", "due_at"],
                condition=Q(state__in=("open", "paused")),
                name="commitment_branch",
            ),
            # the worklist of the whole house
            models.Index(
                fields=["due_at", "id"],
                include=["starts_at", "state"],
                condition=Q(state__in=("open", "paused")),
                name="commitment_next",
            ),
            # the promise list of the whole house, all states, the latest first
            models.Index(fields=["-opened_at", "-id"], name="commitment_latest"),
            models.Index(fields=["due_at", "kind"], name="commitment_kept_rate"),
            # the workbench asks what was finished today
            models.Index(
                fields=["fulfilled_at"], condition=Q(fulfilled_at__isnull=False), name="commitment_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion}"


class PauseReason(models.TextChoices):
    """The reasons that may stop a clock (rulebook X-13)."""

    PAPERS = "papers", _("等待补件")
    APPRAISAL = "appraisal", _("外部鉴定")
    MEDICAL = "medical", _("体检")
    MEDIATION = "mediation", _("调解")
    PROCEEDINGS = "proceedings", _("公安或司法程序")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")


class Pause(models.Model):
    """One row is one stretch of days that does not count, both ends included. Open until `ended_at` is set."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="pauses")
    reason = models.CharField(_("原因"), max_length=20, choices=PauseReason.choices)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("起"))
    ended_at = models.DateTimeField(_("止"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approver = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Names the table for people."""

        verbose_name = _("暂停")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(ended_at__isnull=True),
                name="one_running_pause_per_commitment",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="a_pause_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.reason}"


class EventKind(models.TextChoices):
    """What can happen to a promise."""

    OPENED = "opened", _("登记")
    WARNED = "warned", _("临期提醒")
    BROKEN = "broken", _("超时")
    ESCALATED = "escalated", _("升级")
    PAUSED = "paused", _("暂停")
    RESUMED = "resumed", _("恢复")
    RECLASSIFIED = "reclassified", _("改变类别")
    TRANSFERRED = "transferred", _("转派")
    URGED = "urged", _("催办")
    REDATED = "redated", _("重算到期")
    SETTLED = "settled", _("暂定转正")
    OVER_CEILING = "over_ceiling", _("晚于法定上限")
    FULFILLED = "fulfilled", _("办结")
    EVIDENCE = "evidence", _("补充凭据")
    DISPROVED = "disproved", _("凭据失效")
    CANCELLED = "cancelled", _("取消")


class CommitmentEvent(models.Model):
    """One row is one thing that happened to a promise, dated when it became true, not when it was noticed."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="events")
    kind = models.CharField(_("事件"), max_length=14, choices=EventKind.choices)
    # an alarm rings once: "broken", "escalated:1", "warned:<due>"; null for what may happen often
    alarm = models.CharField(max_length=50, null=True, blank=True)
    at = models.DateTimeField(_("发生时刻"))
    noticed_at = models.DateTimeField(_("记录时刻"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        """Names the table for people; rows are only ever added."""

        verbose_name = _("承诺事件")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "alarm"], condition=Q(alarm__isnull=False), name="an_alarm_rings_once"
            )
        ]
        indexes = [models.Index(fields=["commitment", "at"], name="events_of_a_commitment")]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.kind}"


class Evidence(models.Model):
    """One row is one proof that a promise was kept: who, when, by which channel, what to look up. Only added."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("凭据类别"), max_length=20)
    reference = models.CharField(_("凭据编号"), max_length=80)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Names the table for people."""

        verbose_name = _("凭据")
        constraints = [
            models.CheckConstraint(condition=~Q(reference=""), name="evidence_can_be_looked_up"),
            models.UniqueConstraint(fields=["commitment", "kind", "reference"], name="a_proof_is_filed_once"),
        ]

    def __str__(self) -> str:
        return self.reference


class LostEvidence(models.Model):
    """One row says of one proof that it no longer proves anything, and why. Only added; the proof itself stays."""

    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="lost")
    at = models.DateTimeField(_("失效时间"))
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        """Names the table for people."""

        verbose_name = _("失效凭据")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="lost_evidence_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}"
