"""What passed between the house and a customer outside tickets: calls, visits, messages, meetings."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Contact, Customer
from crm.models.staff import User


class TouchpointKind(models.TextChoices):
    """How it happened."""

    CALL = "call", _("电话")
    CAME = "came", _("来访")
    VISIT = "visit", _("上门")
    WECHAT = "wechat", _("微信")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    MEETING = "meeting", _("会面")
    OTHER = "other", _("其他")


class Direction(models.TextChoices):
    """Who began it."""

    OUT = "out", _("我方发起")
    IN = "in", _("客户发起")


class Touchpoint(models.Model):
    """One row is one contact with a customer, e.g. a visit on 10 March: what was said and what came of it.

    Written once; a correction keeps the former wording in the log.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="touchpoints")
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="touchpoints",
        verbose_name=_("服务对象"),
    )
    kind = models.CharField(_("方式"), max_length=8, choices=TouchpointKind.choices)
    direction = models.CharField(_("方向"), max_length=3, choices=Direction.choices)
    happened_at = models.DateTimeField(_("发生时间"))
    summary = models.TextField(_("内容"))
    outcome = models.CharField(_("结果"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="touchpoints", verbose_name=_("记录人"))
    recorded_at = models.DateTimeField(_("记录时间"))
    corrected_at = models.DateTimeField(_("更正时间"), null=True, blank=True)

    class Meta:
        """Names the table for people; what has not happened yet is a plan."""

        verbose_name = _("往来记录")
        constraints = [
            models.CheckConstraint(condition=~Q(summary=""), name="a_touchpoint_says_something"),
            models.CheckConstraint(
                condition=Q(happened_at__lte=F("recorded_at")) | Q(corrected_at__isnull=False),
                name="a_touchpoint_has_happened",
            ),
        ]
        # the customer's timeline asks newest first
        indexes = [models.Index(fields=["customer", "-happened_at"], name="touchpoints_of_a_customer")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """This function will return what people quote, e.g. as the proof of a promise."""
        return f"WL{self.pk:08d}"
