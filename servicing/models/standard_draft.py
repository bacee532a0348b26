"""Changes to service standards that one administrator proposes and another decides on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import User
from servicing.models.standard import ServiceStandard


class DraftOutcome(models.TextChoices):
    """How a proposed change ended."""

    CONFIRMED = "confirmed", _("已发布")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class StandardDraft(models.Model):
    """One row is one change of one standard, proposed by one administrator, to be confirmed by another.

    Open until `decision` is set. It holds what may be changed; the rest is taken from the version it starts
    from (`base`), and a draft whose base is no longer the newest version cannot be confirmed.
    """

    code = models.CharField(_("编号"), max_length=60)
    base = models.ForeignKey(
        ServiceStandard, models.PROTECT, related_name="drafts", verbose_name=_("所改版本")
    )
    unit = models.CharField(_("单位"), max_length=20)
    amount = models.PositiveIntegerField(_("数量"))
    wording = models.TextField(_("承诺"))
    pause_reasons = models.JSONField(_("可暂停原因"), default=list)
    evidence = models.JSONField(_("凭据"), default=list)
    active_from = models.DateTimeField(_("生效"), null=True, blank=True, help_text=_("空表示确认后立即生效"))
    reason = models.CharField(_("理由"), max_length=200)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"))
    decision = models.CharField(_("结论"), max_length=10, choices=DraftOutcome.choices, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    decided_at = models.DateTimeField(_("经办时间"), null=True, blank=True)
    returned_because = models.CharField(_("退回理由"), max_length=200, blank=True)
    published = models.OneToOneField(
        ServiceStandard, models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("新版本")
    )

    class Meta:
        """Names the table for people; two people publish a standard."""

        verbose_name = _("服务标准草稿")
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(decision=""), name="a_standard_has_one_open_draft"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_proposed_change_says_why"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="a_decided_change_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(decision="confirmed") | ~Q(decided_by=F("submitted_by")),
                name="nobody_confirms_an_own_change",
            ),
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(returned_because=""),
                name="a_returned_change_says_why",
            ),
            models.CheckConstraint(
                condition=Q(decision="confirmed", published__isnull=False)
                | (~Q(decision="confirmed") & Q(published__isnull=True)),
                name="a_confirmed_change_became_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ← v{self.base_id}"
