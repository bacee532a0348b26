"""How often each person looked at clear data on each day, and who let them go on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User


class RevealTally(models.Model):
    """One row counts one person's looks at clear data on one day, e.g. 31 on 10 March, released by the manager.

    It begins with the first look of the day and only counts up; a release is given once.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="reveal_tallies", verbose_name=_("查看人"))
    day = models.DateField(_("日期"))
    shown = models.PositiveIntegerField(_("次数"), default=0)
    released_at = models.DateTimeField(_("放行时间"), null=True, blank=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("放行人")
    )
    release_reason = models.CharField(_("放行理由"), max_length=200, blank=True)

    class Meta:
        """Names the table for people; a day is counted once, and nobody lets themselves go on."""

        verbose_name = _("明文查看计数")
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="looks_are_counted_once_a_day"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True, release_reason="")
                | (Q(released_at__isnull=False, released_by__isnull=False) & ~Q(release_reason="")),
                name="a_release_says_who_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("user")),
                name="nobody_releases_themselves",
            ),
        ]
        # the managers' page asks for a day
        indexes = [models.Index(fields=["day"], name="reveal_tally_of_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.shown}"
