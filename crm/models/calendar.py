"""The working calendar as imported rows with their source. Arithmetic lives in `crm.time`."""

from django.db import models
from django.db.models import Q
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
