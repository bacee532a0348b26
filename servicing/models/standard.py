"""Versions of service standards: what is promised, to whom, within which limit. A version never changes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Authority(models.TextChoices):
    """Who set the limit: the company's promise, or the law's ceiling."""

    COMPANY = "company", _("公司承诺")
    STATUTORY = "statutory", _("法定上限")


class Programme(models.TextChoices):
    """The service systems an installation can switch on."""

    GROUP_VIP = "group_vip", _("团险 VIP")
    SERVICE_SYSTEM = "service_system", _("服务制度与考核")
    BROKER_STAR = "broker_star", _("经纪星级")
    INDIVIDUAL_STAR = "individual_star", _("个险星级")
    MOTOR_QUALITY = "motor_quality", _("车险优质客户")
    LAW = "law", _("法律法规")


class StandardQuerySet(models.QuerySet["ServiceStandard"]):
    """Questions asked of standards."""

    def in_force(self, at: object) -> "StandardQuerySet":
        """This function will keep the versions in force at the instant."""
        return self.filter(active_from__lte=at).filter(Q(active_to__isnull=True) | Q(active_to__gt=at))


class ServiceStandard(models.Model):
    """One row is one version of one limit, e.g. PA-18.1.3: a VIP's policy change within 2 working days.

    Published rows are never edited (a trigger refuses it, but for closing them): a change is a new version.
    """

    code = models.CharField(_("编号"), max_length=60)
    version = models.PositiveIntegerField(_("版本"), default=1)
    programme = models.CharField(_("服务体系"), max_length=20, choices=Programme.choices)
    rule = models.CharField(_("条款"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    wording = models.TextField(_("承诺"))
    kind = models.CharField(_("事项"), max_length=30)
    authority = models.CharField(_("效力"), max_length=10, choices=Authority.choices)
    tiers = models.JSONField(_("适用层级"), default=list, help_text=_("空表示不分层级"))
    start = models.CharField(_("起算"), max_length=60)
    finish = models.CharField(_("办结"), max_length=60)
    unit = models.CharField(_("单位"), max_length=20)
    amount = models.PositiveIntegerField(_("数量"))
    pause_reasons = models.JSONField(_("可暂停原因"), default=list)
    evidence = models.JSONField(_("凭据"), default=list)
    sourced = models.BooleanField(_("有出处"), default=True, help_text=_("否表示默认值，可由机构调整"))
    active_from = models.DateTimeField(_("生效"))
    active_to = models.DateTimeField(_("失效"), null=True, blank=True)
    digest = models.CharField(max_length=64)

    objects = StandardQuerySet.as_manager()

    class Meta:
        """Names the table for people; one open version per code."""

        verbose_name = _("服务标准")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_version_is_published_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(active_to__isnull=True), name="one_open_version_per_standard"
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")),
                name="a_standard_holds_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
