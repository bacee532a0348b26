"""What is scheduled: the tick's own state, runs of jobs, and occurrences that must happen once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Contact, Customer


class HoldKind(models.TextChoices):
    """Why customers' messages wait for a person."""

    CLOCK = "clock", _("时钟跳变")
    BACKLOG = "backlog", _("停机积压")


class TickState(models.Model):
    """The one row that says how far the schedule has come and who is ticking now."""

    watermark = models.DateField(_("已展开至"), help_text=_("此日及以前的事项都已展开"))
    ticked_at = models.DateTimeField(_("上次节拍"), null=True, blank=True)
    boot_id = models.CharField(max_length=40, blank=True)
    boot_seconds = models.FloatField(null=True, blank=True)
    lease_token = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    held_since = models.DateTimeField(_("暂停发送自"), null=True, blank=True)
    held_kind = models.CharField(_("暂停类别"), max_length=8, choices=HoldKind.choices, blank=True)
    held_reason = models.CharField(_("暂停原因"), max_length=200, blank=True)

    class Meta:
        """Names the table for people; there is one row."""

        verbose_name = _("调度状态")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_schedule")]

    def __str__(self) -> str:
        return f"{self.watermark}"


class JobRun(models.Model):
    """One row is one run of one job for one slot of the schedule, e.g. plan promises of 2026-11-21."""

    job = models.CharField(_("作业"), max_length=40)
    slot = models.CharField(_("时段"), max_length=40)
    started_at = models.DateTimeField(_("开始"))
    heartbeat_at = models.DateTimeField(_("最近进展"))
    finished_at = models.DateTimeField(_("结束"), null=True, blank=True)
    done = models.PositiveIntegerField(_("完成"), default=0)
    failed = models.PositiveIntegerField(_("失败"), default=0)
    note = models.TextField(_("说明"), blank=True)

    class Meta:
        """Names the table for people; a slot is run once."""

        verbose_name = _("作业运行")
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="a_job_runs_once_a_slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"


class OccurrenceState(models.TextChoices):
    """The life of something that happens once; everything but PLANNED is an end."""

    PLANNED = "planned", _("计划")
    SENT = "sent", _("已生成消息")
    SKIPPED = "skipped", _("已跳过")
    MISSED = "missed", _("错过")


class Occurrence(models.Model):
    """One row is one thing that happens once, e.g. the birthday greeting of one person in 2026.

    planned → sent | skipped (with a reason) | missed (its window closed). It never happens twice: kind,
    subject, date and channel are unique.
    """

    kind = models.CharField(_("种类"), max_length=40)
    subject = models.CharField(_("对象"), max_length=60)
    occasion_date = models.DateField(_("日子"))
    channel = models.CharField(_("渠道"), max_length=10)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="occurrences")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="occurrences")
    starts_at = models.DateTimeField(_("最早"))
    ends_at = models.DateTimeField(_("最晚"))
    next_try_at = models.DateTimeField(_("下次处理"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=OccurrenceState.choices, default=OccurrenceState.PLANNED
    )
    reason = models.CharField(_("原因"), max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Names the table for people."""

        verbose_name = _("应办事项")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "occasion_date", "channel"], name="it_happens_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "sent")) | ~Q(reason=""),
                name="what_did_not_happen_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="planned", settled_at__isnull=True)
                | (~Q(state="planned") & Q(settled_at__isnull=False)),
                name="settled_means_not_planned",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__lte=models.F("ends_at")), name="a_window_has_a_width"
            ),
        ]
        # the tick asks for planned rows whose window has opened
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(state="planned"), name="occurrence_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.occasion_date}"
