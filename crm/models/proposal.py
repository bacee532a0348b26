"""What one person proposes and another decides on (rulebook X-24): the fields and rules that all such rows share."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.models.staff import User


class Decision(models.TextChoices):
    """How a proposal ended."""

    CONFIRMED = "confirmed", _("已确认")
    RETURNED = "returned", _("已退回")
    WITHDRAWN = "withdrawn", _("已撤回")


class Proposal(models.Model):
    """One row is one thing proposed by one person, to be confirmed by another; open until `decision` is set.

    A kind of proposal says which right it takes (`right`), how the log names it (`log_noun`) and how people do (`called`).
    """

    right: ClassVar[str]
    log_noun: ClassVar[str]
    called: ClassVar[str | Promise]

    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"))
    decision = models.CharField(_("结论"), max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    decided_at = models.DateTimeField(_("经办时间"), null=True, blank=True)
    returned_because = models.CharField(_("退回理由"), max_length=200, blank=True)

    class Meta:
        """Has no table of its own."""

        abstract = True

    def logged(self) -> dict[str, Any]:
        """This function will give what the log keeps of the proposal, besides who and when."""
        raise NotImplementedError


def constraints_of_a(noun: str) -> list[models.BaseConstraint]:
    """This function will list the sentences that are true of every proposal, worded for one kind: a "draft"."""
    undecided = Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
    decided = ~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)
    return [
        models.CheckConstraint(condition=undecided | decided, name=f"a_decided_{noun}_says_who_and_when"),
        models.CheckConstraint(
            condition=~Q(decision="confirmed") | ~Q(decided_by=F("submitted_by")),
            name=f"nobody_confirms_an_own_{noun}",
        ),
        models.CheckConstraint(
            condition=~Q(decision="returned") | ~Q(returned_because=""), name=f"a_returned_{noun}_says_why"
        ),
    ]
