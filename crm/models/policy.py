"""Policies, as far as service promises need them. Premiums are whole fen."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer


class PolicyLine(models.TextChoices):
    """Lines of business."""

    GROUP_LIFE = "group_life", _("团体寿险")
    GROUP_HEALTH = "group_health", _("团体健康险")
    INDIVIDUAL_LIFE = "individual_life", _("个人寿险")
    MOTOR = "motor", _("车险")
    PROPERTY = "property", _("财产险")


class PremiumFrequency(models.TextChoices):
    """How often the premium is paid."""

    SINGLE = "single", _("趸交")
    ANNUAL = "annual", _("年交")
    HALF_YEARLY = "half_yearly", _("半年交")
    QUARTERLY = "quarterly", _("季交")
    MONTHLY = "monthly", _("月交")


class PolicyStatus(models.TextChoices):
    """Whether the policy is in force."""

    IN_FORCE = "in_force", _("有效")
    LAPSED = "lapsed", _("失效")
    TERMINATED = "terminated", _("终止")


class Policy(models.Model):
    """One row is one policy of one customer, from its effective date to its last day of cover."""

    number = models.CharField(_("保单号"), max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="policies")
    product = models.CharField(_("产品"), max_length=60)
    line = models.CharField(_("险类"), max_length=20, choices=PolicyLine.choices)
    long_term = models.BooleanField(_("长期险"), default=False, help_text=_("保险期间超过一年"))
    premium_fen = models.BigIntegerField(_("保费（分）"))
    frequency = models.CharField(_("交费频率"), max_length=12, choices=PremiumFrequency.choices)
    pay_years = models.PositiveSmallIntegerField(_("交费年限"), null=True, blank=True)
    effective_date = models.DateField(_("生效日"))
    delivered_date = models.DateField(_("送达日"), null=True, blank=True)
    ends_date = models.DateField(_("保障末日"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=PolicyStatus.choices, default=PolicyStatus.IN_FORCE
    )

    class Meta:
        """Names the table for people."""

        verbose_name = _("保单")
        constraints = [
            models.CheckConstraint(condition=Q(premium_fen__gte=0), name="premiums_are_not_negative"),
            models.CheckConstraint(
                condition=Q(ends_date__isnull=True) | Q(ends_date__gte=F("effective_date")),
                name="cover_ends_after_it_begins",
            ),
        ]
        # the renewal list asks for policies that end soon
        indexes = [models.Index(fields=["ends_date"], name="policy_by_end")]

    def __str__(self) -> str:
        return self.number
