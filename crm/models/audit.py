"""The log of who did, changed or looked at what. Rows are only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from crm.models.staff import User


class LogEntry(models.Model):
    """One row is one act, e.g. a reply written or a phone number revealed, with what it changed and why."""

    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="acts")
    action = models.CharField(_("动作"), max_length=60)
    subject = models.CharField(_("对象"), max_length=60)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="log")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        """Names the table for people; a customer's history asks by customer."""

        verbose_name = _("操作记录")
        indexes = [
            models.Index(fields=["customer", "-at"], name="log_of_a_customer"),
            models.Index(fields=["subject", "-at"], name="log_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
