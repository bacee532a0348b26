"""Imports as rows: one batch a file, and what it did to each row, so that it can be told and undone."""

from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.long_job import LongJob
from crm.models.staff import User

UNDONE_WITHIN = timedelta(hours=24)


class BatchState(models.TextChoices):
    """The life of a batch; what runs right now is said by its long job."""

    CHECKING = "checking", _("试运行")
    CHECKED = "checked", _("待确认")
    IMPORTING = "importing", _("写入中")
    DONE = "done", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")
    REFUSED = "refused", _("无法读取")


class BatchMode(models.TextChoices):
    """Which rows of the file are written."""

    BOTH = "both", _("新增和更新")
    NEW = "new", _("只新增")
    UPDATE = "update", _("只更新")


class ImportBatch(models.Model):
    """One row is one file that a person handed in to be imported.

    checking → checked → importing → done → undoing → undone; a file that cannot be read is refused. The file
    itself lies in a folder named by `token` for a day.
    """

    number = models.CharField(_("批次号"), max_length=30, unique=True)
    token = models.CharField(max_length=40, unique=True)
    name = models.CharField(_("文件"), max_length=80)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="import_batches")
    state = models.CharField(_("状态"), max_length=9, choices=BatchState.choices, default=BatchState.CHECKING)
    mode = models.CharField(_("写入"), max_length=6, choices=BatchMode.choices, default=BatchMode.BOTH)
    job = models.ForeignKey(LongJob, models.SET_NULL, null=True, blank=True, related_name="+")
    report = models.JSONField(default=dict, blank=True)
    handed_in_at = models.DateTimeField(_("上传时间"))
    # the moment that stands on everything the batch writes, however often the work is interrupted
    committed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        """Names the table for people; the same file handed in twice is one batch while it is under way."""

        verbose_name = _("导入批次")
        constraints = [
            models.UniqueConstraint(
                fields=["by", "digest"],
                condition=Q(state__in=("checking", "checked", "importing")),
                name="one_batch_under_way_of_a_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("checking", "checked", "refused")) | Q(committed_at__isnull=False),
                name="what_is_imported_was_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["by", "-handed_in_at"], name="import_batch_of_a_person")]

    def __str__(self) -> str:
        return self.number

    def may_be_undone(self, now: datetime) -> bool:
        """This function will say whether the day for undoing has not passed."""
        return (
            self.state == BatchState.DONE and self.done_at is not None and now - self.done_at <= UNDONE_WITHIN
        )


class ImportRow(models.Model):
    """One row is what a batch did to one row of its file: made it, changed it, or could not write it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=30)
    number = models.PositiveIntegerField(_("行号"))
    outcome = models.CharField(max_length=10)
    row = models.BigIntegerField(null=True, blank=True)
    # the former values of what was changed, and a digest of the whole row as it was left
    before = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    stamp = models.CharField(max_length=64, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    undone = models.BooleanField(default=False)

    class Meta:
        """Names the table for people; a row of a file is taken once."""

        verbose_name = _("导入的行")
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number"], name="a_row_of_a_file_is_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.sheet} {self.number}"
