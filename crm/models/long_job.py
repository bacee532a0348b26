"""Long work that a person asked for: how far it has come, who works on it now, and how it ended."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User

# After so long without progress the page says so and what to do.
QUIET = timedelta(seconds=60)


class LongJobState(models.TextChoices):
    """The life of long work; it may be taken up again after a failure or a cancellation."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


WAITING = (LongJobState.QUEUED, LongJobState.RUNNING)
BADGES = {
    "queued": "open",
    "running": "action",
    "done": "kept",
    "failed": "overdue",
    "cancelled": "provisional",
}


class LongJob(models.Model):
    """One row is one piece of long work, e.g. the import of one file with 12,000 rows.

    queued → running → done | failed | cancelled; failed and cancelled work may be queued again and goes on at its
    cursor. Cursor and counts are written in the transaction of the rows they speak of.
    """

    kind = models.CharField(_("种类"), max_length=40)
    title = models.CharField(_("事项"), max_length=120)
    # of unfinished work of one kind and key there is one row at most
    key = models.CharField(max_length=80, blank=True)
    state = models.CharField(
        _("状态"), max_length=9, choices=LongJobState.choices, default=LongJobState.QUEUED
    )
    phase = models.CharField(_("步骤"), max_length=60, blank=True)
    total = models.PositiveIntegerField(_("共"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    ok = models.PositiveIntegerField(_("成功"), default=0)
    failed = models.PositiveIntegerField(_("失败"), default=0)
    skipped = models.PositiveIntegerField(_("跳过"), default=0)
    cursor = models.JSONField(default=dict, blank=True)
    params = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    result_file = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="long_jobs", verbose_name=_("发起人")
    )
    requested_at = models.DateTimeField(_("发起时间"))
    started_at = models.DateTimeField(_("开始"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("最近进展"))
    finished_at = models.DateTimeField(_("结束"), null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    # nobody else begins before this moment: the lease of who works on it, or the rest after an error
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("上次有进展以来开始过几次"))
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        """Names the table for people; the sentences that are always true of long work."""

        verbose_name = _("后台任务")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=("queued", "running")) & ~Q(key=""),
                name="one_unfinished_long_job_of_a_key",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished_at__isnull=True)
                | (~Q(state__in=("queued", "running")) & Q(finished_at__isnull=False)),
                name="a_long_job_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(done=F("ok") + F("failed") + F("skipped")),
                name="what_a_long_job_did_is_counted",
            ),
            models.CheckConstraint(
                condition=Q(state="running") | Q(lease_token=""), name="only_a_running_long_job_is_held"
            ),
        ]
        indexes = [
            # the workers ask for what waits, the pages for what a person began
            models.Index(
                fields=["heartbeat_at"], condition=Q(state__in=("queued", "running")), name="long_job_waiting"
            ),
            models.Index(fields=["requested_by", "-requested_at"], name="long_job_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def waiting(self) -> bool:
        """This function will say whether the work has not ended."""
        return self.state in WAITING

    @property
    def badge(self) -> str:
        """This function will name the colour of the state."""
        return BADGES[self.state]

    @property
    def percent(self) -> int:
        """This function will say how much is done, rounded down, so that 100 means all of it."""
        return min(self.done * 100 // self.total, 100) if self.total else 0

    def quiet(self, now: datetime) -> bool:
        """This function will say whether unfinished work has made no progress for more than a minute."""
        return self.waiting and now - self.heartbeat_at > QUIET

    def left(self, now: datetime) -> timedelta | None:
        """This function will guess how long it still takes; below five percent nobody can know."""
        if self.state != LongJobState.RUNNING or self.started_at is None or self.percent < 5:
            return None
        return (now - self.started_at) * (self.total - self.done) / self.done
