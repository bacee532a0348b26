"""The working calendar as imported rows with their source. Arithmetic lives in `crm.time`."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User


class CalendarNotice(models.Model):
    """One row is one reading of a year's holiday notice. A correction is a new row; the newest of a year rules.

    Its id is the calendar version that receipts name: version v is the newest notice of each year with id ≤ v.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    number = models.CharField(_("文号"), max_length=60, blank=True)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    address = models.CharField(_("出处"), max_length=200, blank=True)
    source = models.CharField(_("来源"), max_length=60)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)

    class Meta:
        """Names the table for people; the same text is imported once."""

        verbose_name = _("放假通知")
        constraints = [models.UniqueConstraint(fields=["year", "digest"], name="a_notice_is_read_once")]

    def __str__(self) -> str:
        return f"{self.year}"


class CalendarDay(models.Model):
    """One row is one day a notice names: a day off, or a weekend day worked in exchange."""

    notice = models.ForeignKey(CalendarNotice, models.PROTECT, related_name="days")
    date = models.DateField(_("日期"))
    working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=20)

    class Meta:
        """Names the table for people."""

        verbose_name = _("放假调休日")
        constraints = [
            models.UniqueConstraint(fields=["notice", "date"], name="a_notice_names_a_day_once"),
            # ISO weekday is not portable in a check; that a make-up day is a weekend day is refused when read.
            models.CheckConstraint(condition=~Q(name=""), name="named_days_have_names"),
        ]

    def __str__(self) -> str:
        return f"{self.date}"


class DraftDecision(models.TextChoices):
    """How a handed-in notice ended."""

    CONFIRMED = "confirmed", _("已生效")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class CalendarDraft(models.Model):
    """One row is one notice handed in by one administrator of the head office, to be confirmed by another.

    Open until `decision` is set; the text is kept as it was pasted, so that the second person reads the same.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    text = models.TextField(_("原文"))
    address = models.CharField(_("出处"), max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"))
    decision = models.CharField(_("结论"), max_length=10, choices=DraftDecision.choices, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    decided_at = models.DateTimeField(_("经办时间"), null=True, blank=True)
    reason = models.CharField(_("退回理由"), max_length=200, blank=True)
    notice = models.ForeignKey(CalendarNotice, models.PROTECT, null=True, blank=True, related_name="drafts")

    class Meta:
        """Names the table for people; two people publish a calendar."""

        verbose_name = _("放假通知草稿")
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=Q(decision=""), name="a_year_has_one_open_draft"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="a_decided_draft_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(decision="confirmed") | ~Q(decided_by=F("submitted_by")),
                name="nobody_confirms_an_own_draft",
            ),
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(reason=""), name="a_returned_draft_says_why"
            ),
            models.CheckConstraint(
                condition=Q(decision="confirmed", notice__isnull=False)
                | (~Q(decision="confirmed") & Q(notice__isnull=True)),
                name="a_confirmed_draft_became_a_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"
