"""Changes to service standards that one administrator proposes and another decides on."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.proposal import Proposal, constraints_of_a
from servicing.models.standard import ServiceStandard


class StandardDraft(Proposal):
    """One row is one change of one standard, proposed by one administrator, to be confirmed by another.

    Open until `decision` is set. It holds what may be changed; the rest is taken from the version it starts
    from (`base`), and a draft whose base is no longer the newest version cannot be confirmed.
    """

    right = "standard_publish"
    log_noun = "servicing.standard_draft"
    called = _("修改")

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
            *constraints_of_a("change"),
            models.CheckConstraint(
                condition=Q(decision="confirmed", published__isnull=False)
                | (~Q(decision="confirmed") & Q(published__isnull=True)),
                name="a_confirmed_change_became_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ← v{self.base_id}"

    def logged(self) -> dict[str, Any]:
        """This function will name the standard, the version it starts from, and the new limit."""
        return {
            "code": self.code,
            "from_version": self.base.version,
            "unit": self.unit,
            "amount": self.amount,
        }
