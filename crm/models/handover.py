"""Customers changing hands, who sits at a customer's table, and who stands in for whom. How they change is in services."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Customer
from crm.models.message import Message
from crm.models.staff import Branch, User


class HandoverCause(models.TextChoices):
    """Why customers change hands; the first two oblige us by law to tell every customer (rulebook X-25, R-8)."""

    LEAVING = "leaving", _("离职")
    NEW_POST = "new_post", _("调岗")
    WORKLOAD = "workload", _("工作调整")
    WISH = "wish", _("客户要求")


class Handover(models.Model):
    """One row is one act: on 3 May 郭敏 gave 林晓's 120 customers to two colleagues, because 林晓 leaves.

    Its items are laid out with it and carried out one by one, so a stop in the middle loses nothing.
    """

    cause = models.CharField(_("缘由"), max_length=10, choices=HandoverCause.choices)
    reason = models.CharField(_("说明"), max_length=200)
    # whose work as a whole goes over; empty where single customers were chosen
    former = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="handed_over")
    # who gets the leaver's promises, tickets and seats at customers of others
    rest_taker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("交接时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        """Names the table for people."""

        verbose_name = _("交接")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_handover_says_why"),
            models.CheckConstraint(
                condition=Q(rest_taker__isnull=True) | Q(former__isnull=False),
                name="the_rest_is_the_rest_of_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["-at"], name="handover_list"),
            # the tick asks which are not carried out yet
            models.Index(fields=["at"], condition=Q(finished_at__isnull=True), name="handover_unfinished"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.pk}"


class ItemState(models.TextChoices):
    """planned → moved | left: a customer that somebody else moved meanwhile is left where it is."""

    PLANNED = "planned", _("待交接")
    MOVED = "moved", _("已交接")
    LEFT = "left", _("未交接")


class HandoverItem(models.Model):
    """One row is one customer who changed hands, from whom, to whom, with how much work."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="handovers")
    former = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("原客户经理"))
    taker = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("新客户经理"))
    former_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("机构"))
    state = models.CharField(_("状态"), max_length=8, choices=ItemState.choices, default=ItemState.PLANNED)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=120, blank=True)
    # the message in which the customer is told of the new keeper, where there is one
    notice = models.OneToOneField(
        Message, models.PROTECT, null=True, blank=True, related_name="handover_item"
    )

    class Meta:
        """Names the table for people; a customer waits for one handover at a time."""

        verbose_name = _("交接客户")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="planned"), name="a_customer_waits_for_one_handover"
            ),
            models.UniqueConstraint(fields=["handover", "customer"], name="a_handover_names_a_customer_once"),
            models.CheckConstraint(condition=~Q(former=F("taker")), name="a_handover_changes_the_keeper"),
            models.CheckConstraint(
                condition=Q(state="planned", done_at__isnull=True)
                | (~Q(state="planned") & Q(done_at__isnull=False)),
                name="a_done_handover_says_when",
            ),
            models.CheckConstraint(condition=~Q(state="left") | ~Q(note=""), name="what_is_left_says_why"),
        ]
        indexes = [models.Index(fields=["customer", "done_at"], name="handovers_of_a_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.former_id} → {self.taker_id}"


class StandIn(models.Model):
    """One row says: from 1 May (included) to 8 May (excluded) 秦岚 acts for 林晓. It ends by itself."""

    person = models.ForeignKey(User, models.PROTECT, related_name="stand_ins", verbose_name=_("本人"))
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="stands_in", verbose_name=_("代班人"))
    active_from = models.DateField(_("起"))
    active_to = models.DateField(_("止（不含）"))
    reason = models.CharField(_("事由"), max_length=100, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("登记时间"))

    class Meta:
        """Names the table for people. A trigger (migration) also refuses any overlap of two periods of a person."""

        verbose_name = _("代班")
        constraints = [
            models.CheckConstraint(
                condition=Q(active_to__gte=F("active_from")), name="a_stand_in_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("stand_in")), name="nobody_stands_in_for_themselves"
            ),
        ]
        indexes = [
            # who acts for these people today, and for whom does this person act
            models.Index(fields=["person", "active_from"], name="stand_in_of"),
            models.Index(fields=["stand_in", "active_to"], name="stands_in_for"),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in_id} for {self.person_id}"

    @property
    def last_day(self) -> date | None:
        """This function will return the last day on which the stand-in acts; none if it was taken back before."""
        return self.active_to - timedelta(days=1) if self.active_to > self.active_from else None
