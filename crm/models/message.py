"""The outbox: what must be sent, saved in the same transaction as its reason. Sending lives in services."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Contact, Customer
from crm.models.job import Occurrence
from crm.models.staff import User


class MessageClass(models.TextChoices):
    """Marketing needs consent; service does not; staff messages are ours (rulebook X-29)."""

    MARKETING = "marketing", _("关怀营销")
    SERVICE = "service", _("服务通知")
    STAFF = "staff", _("员工提醒")


class Channel(models.TextChoices):
    """How it travels."""

    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    IN_APP = "in_app", _("站内")


class MessageState(models.TextChoices):
    """planned → claimed → submitting → accepted → delivered; a time-out is unknown until reconciled.

    A failed message is a dead letter until a person retries or voids it.
    """

    PLANNED = "planned", _("待发")
    SKIPPED = "skipped", _("已跳过")
    CLAIMED = "claimed", _("已领取")
    SUBMITTING = "submitting", _("提交中")
    ACCEPTED = "accepted", _("已受理")
    DELIVERED = "delivered", _("已送达")
    FAILED = "failed", _("失败")
    UNKNOWN = "unknown", _("未知")
    MISSED = "missed", _("错过")
    VOIDED = "voided", _("已作废")


class Message(models.Model):
    """One row is one message to one person. `serial` is what the provider is told, the same at every try.

    Customers' messages leave at most once and are then reconciled; staff messages leave at least once.
    """

    serial = models.CharField(_("流水号"), max_length=36, unique=True)
    kind = models.CharField(_("种类"), max_length=40)
    message_class = models.CharField(_("类别"), max_length=10, choices=MessageClass.choices)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="messages")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="messages")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="notices")
    occurrence = models.OneToOneField(
        Occurrence, models.PROTECT, null=True, blank=True, related_name="message"
    )
    subject = models.CharField(_("主题"), max_length=120, blank=True)
    body = models.TextField(_("内容"))
    link = models.CharField(_("链接"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=MessageState.choices, default=MessageState.PLANNED
    )
    created_at = models.DateTimeField(_("生成时间"))
    not_before = models.DateTimeField(_("最早发送"))
    not_after = models.DateTimeField(_("最晚发送"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("下次处理"), null=True, blank=True)
    lease_token = models.CharField(max_length=36, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    settled_at = models.DateTimeField(_("了结时间"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    # when to ask the provider whether an accepted message arrived
    ask_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)
    provider = models.CharField(_("服务商"), max_length=20, blank=True)
    provider_ref = models.CharField(_("服务商流水"), max_length=60, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        """Names the table for people; the constraints defend "at most once" and "never without a reader"."""

        verbose_name = _("消息")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, user__isnull=True)
                | Q(contact__isnull=True, user__isnull=False),
                name="a_message_has_one_reader",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("skipped", "failed", "missed", "voided")) | ~Q(reason=""),
                name="an_unsent_message_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "delivered")) | Q(accepted_at__isnull=False),
                name="an_accepted_message_says_when",
            ),
        ]
        indexes = [
            # deliver_messages asks for rows whose moment has come
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="message_due"),
            # the polling of accepted messages
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="message_to_ask"),
            # dead letters, and what nobody knows
            models.Index(
                fields=["state", "created_at"],
                condition=Q(state__in=("failed", "unknown")),
                name="message_dead",
            ),
            # the bell asks for a person's notices
            models.Index(fields=["user", "-created_at"], name="message_notices"),
        ]

    def __str__(self) -> str:
        return self.serial
