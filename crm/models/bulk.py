"""Acts on many rows at once: what was asked, and what became of each row."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User


class BulkState(models.TextChoices):
    """planned → done | refused, each row by itself."""

    PLANNED = "planned", _("待办理")
    DONE = "done", _("已办理")
    REFUSED = "refused", _("未办理")


class BulkRun(models.Model):
    """One row is one act on many rows, e.g. 林晓 hands twelve tickets to 秦岚. Its number stands in the log of each.

    begun → finished; one that was interrupted is gone on with, and what is done stays done.
    """

    number = models.CharField(_("批次号"), max_length=36, unique=True)
    act = models.CharField(_("办理"), max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="bulk_runs", verbose_name=_("办理人"))
    token = models.CharField(max_length=36)
    said = models.JSONField(_("填写内容"), default=dict)
    begun_at = models.DateTimeField(_("开始时间"))
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        """Names the table for people; a form sent twice is one run."""

        verbose_name = _("批量办理")
        constraints = [
            models.UniqueConstraint(fields=["by", "token"], name="a_bulk_form_is_taken_once"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("begun_at")),
                name="a_bulk_run_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BulkRow(models.Model):
    """One row is one row of a list in one run, with what became of it; refused ones say why."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows")
    row = models.BigIntegerField()
    title = models.CharField(_("对象"), max_length=160)
    link = models.CharField(max_length=200)
    state = models.CharField(_("结果"), max_length=8, choices=BulkState.choices, default=BulkState.PLANNED)
    sentence = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        """Names the table for people; a run names a row once."""

        verbose_name = _("批量办理明细")
        constraints = [
            models.UniqueConstraint(fields=["run", "row"], name="a_bulk_run_names_a_row_once"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(sentence=""), name="a_refused_row_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.row}"
