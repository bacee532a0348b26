"""Settings of the rule book that an institution changed. Defaults live in `crm/house_rules.py`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User


class RuleSetting(models.Model):
    """One row is one decision to set one rule; the newest row of a key holds. Rows are never edited."""

    key = models.CharField(_("设置项"), max_length=60)
    value = models.JSONField(_("值"))
    reason = models.CharField(_("理由"), max_length=200)
    set_at = models.DateTimeField(_("时间"))
    set_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)

    class Meta:
        """Names the table for people."""

        verbose_name = _("规则设置")
        indexes = [models.Index(fields=["key", "-id"], name="rule_setting_newest")]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
