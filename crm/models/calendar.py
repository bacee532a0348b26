"""The working calendar as imported rows with their source. Arithmetic lives in `crm.time`."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.proposal import Proposal, constraints_of_a
from crm.models.staff import Branch, User


class CalendarNotice(models.Model):
    """One row is one reading of a year's holiday notice. A correction is a new row; the newest of a year rules.

    Its id is the calendar version that receipts name: version v is the newest notice of each year with id ≤ v.
    A row with a branch lists the days on which that branch and all below it are closed in the year.
    """

    year = models.PositiveSmallIntegerField(_("年份"))
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
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


class CalendarDraft(Proposal):
    """One row is one notice handed in by one administrator of the head office, to be confirmed by another.

    Open until `decision` is set; the text is kept as it was pasted, so that the second person reads the same.
    """

    right = "calendar_publish"
    log_noun = "crm.calendar_draft"
    called = _("通知")

    year = models.PositiveSmallIntegerField(_("年份"))
    text = models.TextField(_("原文"))
    address = models.CharField(_("出处"), max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    recount = models.BooleanField(_("在办承诺也重算"), default=False)
    notice = models.ForeignKey(CalendarNotice, models.PROTECT, null=True, blank=True, related_name="drafts")

    class Meta:
        """Names the table for people; two people publish a calendar."""

        verbose_name = _("放假通知草稿")
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=Q(decision=""), name="a_year_has_one_open_draft"
            ),
            *constraints_of_a("draft"),
            models.CheckConstraint(
                condition=Q(decision="confirmed", notice__isnull=False)
                | (~Q(decision="confirmed") & Q(notice__isnull=True)),
                name="a_confirmed_draft_became_a_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"

    def logged(self) -> dict[str, Any]:
        """This function will name the year and the reading."""
        return {"year": self.year, "digest": self.digest}


class BranchClosure(Proposal):
    """One row is one stretch of days on which a branch and all below it are closed, or open again (`lifted`).

    Proposed by one administrator of the head office, confirmed by another; confirmed, it becomes a notice of the branch.
    """

    right = "calendar_publish"
    log_noun = "crm.branch_closure"
    called = _("停业安排")

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="closures", verbose_name=_("机构"))
    first_day = models.DateField(_("首日"))
    last_day = models.DateField(_("末日"))
    name = models.CharField(_("名称"), max_length=20, help_text=_("日历和凭证上显示，如“台风停业”"))
    lifted = models.BooleanField(_("恢复营业"), default=False)
    reason = models.CharField(_("理由"), max_length=200)
    recount = models.BooleanField(_("在办承诺也重算"), default=False)
    notice = models.ForeignKey(CalendarNotice, models.PROTECT, null=True, blank=True, related_name="closures")

    class Meta:
        """Names the table for people; two people close a branch."""

        verbose_name = _("机构停业安排")
        constraints = [
            models.UniqueConstraint(
                fields=["branch"], condition=Q(decision=""), name="a_branch_has_one_open_closure"
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="a_closure_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(name=""), name="a_closure_says_why"),
            *constraints_of_a("closure"),
            models.CheckConstraint(
                condition=Q(decision="confirmed", notice__isnull=False)
                | (~Q(decision="confirmed") & Q(notice__isnull=True)),
                name="a_confirmed_closure_became_a_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.first_day}"

    def logged(self) -> dict[str, Any]:
        """This function will name the branch, the days, and whether it closes or opens."""
        return {
            "branch": self.branch_id,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "name": self.name,
            "lifted": self.lifted,
            "recount": self.recount,
        }
