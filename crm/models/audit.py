"""The log of who did, changed or looked at what, and the seals over it. Rows are only ever added."""

from django.db import models
from django.db.models import F, Q
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


class AuditSeal(models.Model):
    """One row seals one stretch of the log, `first` to `last`, and names the hash of the seal before it.

    A stretch begins where the last one ended; a trigger refuses another beginning. Numbers in it that hold
    no row were given to a transaction that was rolled back; `rows` says how many rows there are.
    """

    number = models.PositiveBigIntegerField(_("段号"), primary_key=True)
    first = models.PositiveBigIntegerField(_("起"), unique=True)
    last = models.PositiveBigIntegerField(_("止"), unique=True)
    rows = models.PositiveIntegerField(_("条数"))
    digests = models.TextField(_("逐条摘要"))
    previous = models.CharField(_("上一段摘要"), max_length=64, unique=True)
    hash = models.CharField(_("摘要"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta:
        """Names the table for people; two sealers that both follow one seal cannot both be kept."""

        verbose_name = _("封条")
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="seals_are_counted_from_one"),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first")), name="a_seal_covers_a_stretch"
            ),
            models.CheckConstraint(
                condition=Q(rows__gte=1, rows__lte=F("last") - F("first") + 1),
                name="a_seal_holds_rows_of_its_stretch",
            ),
            models.CheckConstraint(condition=~Q(hash=F("previous")), name="a_seal_follows_another"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.first}–{self.last}"
