"""Which level a customer holds in which scheme, and when. How levels are computed lives elsewhere."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import Customer, User


class Scheme(models.TextChoices):
    """The rating systems an installation can run."""

    GROUP_VIP = "group_vip", _("团险 VIP")
    BROKER_STAR = "broker_star", _("经纪星级")
    INDIVIDUAL_STAR = "individual_star", _("个险星级")
    MOTOR_QUALITY = "motor_quality", _("车险优质客户")


class Level(models.TextChoices):
    """Levels of the group scheme (rulebook part 1)."""

    ORDINARY = "ordinary", _("普通")
    SILVER = "silver", _("银牌")
    GOLD = "gold", _("金牌")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions asked of assignments."""

    def in_force(self, day: object) -> "AssignmentQuerySet":
        """This function will keep the rows whose half-open period holds the day."""
        return self.filter(active_from__lte=day).filter(Q(active_to__isnull=True) | Q(active_to__gt=day))


class Assignment(models.Model):
    """One row says: this customer was gold in the group scheme from 1 January (included) to 1 July (excluded)."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="assignments")
    scheme = models.CharField(_("体系"), max_length=20, choices=Scheme.choices)
    level = models.CharField(_("级别"), max_length=12)
    active_from = models.DateField(_("起"))
    active_to = models.DateField(_("止（不含）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=40)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    reason = models.CharField(_("依据"), max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        """Names the table for people. A trigger (migration) also refuses any overlap of two periods."""

        verbose_name = _("层级")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "scheme"],
                condition=Q(active_to__isnull=True),
                name="one_open_level_per_scheme",
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")),
                name="a_level_lasts_at_least_a_day",
            ),
        ]
        # tier_of(customer, at) asks by customer and scheme
        indexes = [models.Index(fields=["customer", "scheme", "active_from"], name="tier_of_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.scheme} {self.level}"
