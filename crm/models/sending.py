"""How sending went: each try of a message, what providers report, how each of them fares, and what an outage left."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.message import Message
from crm.models.staff import User


class AttemptResult(models.TextChoices):
    """What came of one try."""

    ACCEPTED = "accepted", _("已受理")
    REFUSED = "refused", _("被拒绝")
    PUT_OFF = "put_off", _("暂时不收")
    NEVER_LEFT = "never_left", _("未发出")
    UNKNOWN = "unknown", _("未知")


class Attempt(models.Model):
    """One row is one try to hand over one customer's message. Without a result the try was cut short."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="tries")
    # the lease under which it was tried: one try a lease
    token = models.CharField(max_length=36)
    serial = models.CharField(_("流水号"), max_length=36)
    provider = models.CharField(_("服务商"), max_length=20)
    started_at = models.DateTimeField(_("提交时间"))
    ended_at = models.DateTimeField(_("应答时间"), null=True, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=AttemptResult.choices, blank=True)
    detail = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        """Names the table for people."""

        verbose_name = _("发送尝试")
        constraints = [
            models.UniqueConstraint(fields=["message", "token"], name="a_lease_tries_a_message_once"),
            models.CheckConstraint(
                condition=Q(result="", ended_at__isnull=True) | (~Q(result="") & Q(ended_at__isnull=False)),
                name="a_try_with_a_result_has_ended",
            ),
        ]
        # a receipt asks for the serial of an earlier try
        indexes = [models.Index(fields=["serial"], name="attempt_by_serial")]

    def __str__(self) -> str:
        return f"{self.serial} {self.started_at}"


class ReceiptStatus(models.TextChoices):
    """What a provider may report."""

    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("未送达")
    DELAYED = "delayed", _("暂未送达")
    REPLY = "reply", _("回复")


class Receipt(models.Model):
    """One row is one report of a provider. Its own number makes the same report count once; never changed."""

    provider = models.CharField(_("服务商"), max_length=20)
    event = models.CharField(_("回执号"), max_length=80)
    serial = models.CharField(_("流水号"), max_length=80, blank=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="receipts")
    status = models.CharField(_("回执"), max_length=10, choices=ReceiptStatus.choices)
    at = models.DateTimeField(_("回执时间"))
    received_at = models.DateTimeField(_("收到时间"))
    detail = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        """Names the table for people."""

        verbose_name = _("回执")
        constraints = [
            models.UniqueConstraint(fields=["provider", "event"], name="a_receipt_counts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event}"


class ProviderState(models.Model):
    """One row is how one provider fares, for all workers: failures in a row, its rest, its pace, odd receipts."""

    name = models.CharField(_("服务商"), max_length=20, unique=True)
    failures = models.PositiveIntegerField(_("连续失败"), default=0)
    last_error = models.CharField(_("最近错误"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("熔断自"), null=True, blank=True)
    probe_at = models.DateTimeField(_("下次试探"), null=True, blank=True)
    rests = models.PositiveSmallIntegerField(_("连续熔断次数"), default=0)
    # when the next message may be handed over, had all before it been handed over evenly
    paced_until = models.DateTimeField(null=True, blank=True)
    unknown_receipts = models.PositiveIntegerField(_("无主回执"), default=0)
    forged_receipts = models.PositiveIntegerField(_("伪造回执"), default=0)

    class Meta:
        """Names the table for people."""

        verbose_name = _("服务商状态")
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, probe_at__isnull=True)
                | Q(opened_at__isnull=False, probe_at__isnull=False),
                name="a_resting_provider_is_tried_again",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Recovery(models.Model):
    """One row is one outage that left something due: from the last tick before it to the first one after.

    What was due follows from the two instants and is never copied; where it stands is read live.
    """

    began_at = models.DateTimeField(_("停机自"))
    ended_at = models.DateTimeField(_("恢复于"), unique=True)
    held = models.BooleanField(_("曾暂停发送"), default=False)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Names the table for people."""

        verbose_name = _("恢复报告")
        constraints = [
            models.CheckConstraint(
                condition=Q(began_at__lt=models.F("ended_at")), name="an_outage_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.began_at} – {self.ended_at}"
