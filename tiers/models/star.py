"""The star of each customer with life policies: a narrow row of its own, so that a count rewrites nothing wide."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Customer

MILLS = 1000


class StarState(models.TextChoices):
    """In which of the two terms a star is (rulebook CL-2)."""

    VALID = "valid", _("有效期")
    MAINTENANCE = "maintenance", _("维持期")


class StarMove(models.TextChoices):
    """What brought a star to where it stands."""

    RATED = "rated", _("首次评定")
    ROSE = "rose", _("升星")
    RENEWED = "renewed", _("续期")
    KEPT = "kept", _("进入维持期")
    RE_RATED = "re_rated", _("维持期内达标")
    FELL = "fell", _("降星")


class StarPoints(models.Model):
    """One row says: on the last count this customer had so many points, and has held two stars since 1 January.

    Points are whole mills, thousandths of a point, which is exact: a fen times a tenth (CL-1).
    """

    customer = models.OneToOneField(Customer, models.PROTECT, primary_key=True, related_name="star_points")
    mills = models.BigIntegerField(_("星点值（千分之一）"))
    star = models.PositiveSmallIntegerField(_("星级"))
    rated_on = models.DateField(_("评定日"))
    state = models.CharField(_("期间"), max_length=11, choices=StarState.choices)
    why = models.CharField(_("由来"), max_length=8, choices=StarMove.choices)
    ends_on = models.DateField(_("期间末日"))
    changed_on = models.DateField(_("星级变动日"))
    told_on = models.DateField(_("权益告知日"), null=True, blank=True)

    class Meta:
        """Names the table for people; what is always true of a star."""

        verbose_name = _("星级")
        constraints = [
            models.CheckConstraint(condition=Q(star__lte=5), name="stars_are_0_to_5"),
            models.CheckConstraint(condition=Q(mills__gte=0), name="star_points_are_not_negative"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("rated_on")), name="a_star_ends_after_its_rating_day"
            ),
        ]
        indexes = [
            # about to rise: by star, just below the next threshold
            models.Index(fields=["star", "mills"], name="star_by_points"),
            # about to fall: what ends soon
            models.Index(fields=["ends_on"], name="star_by_end"),
            # benefits to tell, and levels to write down: what changed lately
            models.Index(fields=["changed_on"], name="star_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.star}"

    @property
    def points(self) -> Decimal:
        """This function will give the points, exactly."""
        return Decimal(self.mills) / MILLS


class StarCount(models.Model):
    """One row is the count of one day: how many stars stand, and how many moved in which way."""

    day = models.DateField(_("日期"), unique=True)
    counted_at = models.DateTimeField(_("计算时间"))
    customers = models.PositiveIntegerField(_("客户"))
    moves = models.JSONField(_("变动"), default=dict)

    class Meta:
        """Names the table for people."""

        verbose_name = _("星级计算")

    def __str__(self) -> str:
        return self.day.isoformat()
