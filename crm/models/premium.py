"""Premiums received on policies. Amounts are whole fen; what was given back is negative."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from crm.models.policy import Policy

MOST_YEARS = 120
MOST_INSTALMENTS = 12


class Premium(models.Model):
    """One row is one amount of premium received on a policy, or given back: 12,000.00 for year 2, on 2 January.

    `number` is what the books that it comes from call it, once within the policy.
    """

    # the constraint below begins with the policy and serves what the key's own index would
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="premiums", db_index=False)
    number = models.CharField(_("收付号"), max_length=60)
    paid_on = models.DateField(_("收付日期"))
    amount_fen = models.BigIntegerField(_("金额（分）"))
    policy_year = models.PositiveSmallIntegerField(_("保单年度"), help_text=_("首年为 1"))
    instalment = models.PositiveSmallIntegerField(_("期次"), default=1, help_text=_("本保单年度第几期"))

    class Meta:
        """Names the table for people; a number is used once within a policy, and no row says nothing."""

        verbose_name = _("实收保费")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="a_policy_books_a_premium_once"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="a_premium_is_not_nothing"),
            models.CheckConstraint(
                condition=Q(policy_year__gte=1, policy_year__lte=MOST_YEARS), name="a_premium_is_for_a_year"
            ),
            models.CheckConstraint(
                condition=Q(instalment__gte=1, instalment__lte=MOST_INSTALMENTS),
                name="a_premium_is_for_an_instalment",
            ),
        ]
        # sums of a stretch of days, of one policy or of a whole book
        indexes = [models.Index(fields=["policy", "paid_on"], name="premium_by_policy_and_day")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.number}"

    @property
    def customer(self) -> Customer:
        """This function will return the customer whose policy it is."""
        return self.policy.customer
