"""Two rows that are one customer: which was merged into which, and every step of it, so that it can be undone."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from crm.models.staff import User


class CustomerMerge(models.Model):
    """One row is one merge: K0000002 went into K0000001 on 10 March. Running until it is undone, which is final."""

    survivor = models.ForeignKey(
        Customer, models.PROTECT, related_name="merges", verbose_name=_("保留的客户")
    )
    merged = models.ForeignKey(
        Customer, models.PROTECT, related_name="merged_by", verbose_name=_("并入的客户")
    )
    reason = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("合并人"))
    merged_at = models.DateTimeField(_("合并时间"))
    notes = models.JSONField(_("处理说明"), default=list)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤销人")
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        """Names the table for people; a customer is merged once at a time, and never into itself."""

        verbose_name = _("客户合并")
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="a_customer_is_merged_once"
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("merged")), name="nobody_is_merged_into_themselves"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_merge_says_why"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="an_undone_merge_says_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["-merged_at"], name="merges_newest_first")]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.survivor_id}"


class MergeStep(models.Model):
    """One row is one change of one row by a merge: contact 12 went from customer 2 to customer 1. Only added.

    Undoing takes the steps back, the last one first. `stamp` tells whether the row was touched since.
    """

    merge = models.ForeignKey(CustomerMerge, models.PROTECT, related_name="steps")
    table = models.CharField(_("表"), max_length=60)
    row = models.BigIntegerField(_("行"))
    before = models.JSONField()
    after = models.JSONField()
    watched = models.JSONField(default=list)
    stamp = models.CharField(max_length=16)

    class Meta:
        """Names the table for people."""

        verbose_name = _("合并步骤")

    def __str__(self) -> str:
        return f"{self.table}:{self.row}"
