"""What a person said about receiving care messages by one channel: consent or its withdrawal, one row a statement."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Contact
from crm.models.message import Channel
from crm.models.staff import User

CHANNELS = [(Channel.SMS.value, Channel.SMS.label), (Channel.EMAIL.value, Channel.EMAIL.label)]


class Consent(models.Model):
    """One row is one statement of one person about one channel, e.g. no more text messages since 3 March.

    The latest statement holds. Where a channel has none, what the contact says in general holds; a general
    opt-out stands above all (rulebook X-29). A row is never changed: withdrawing adds one.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="consents", verbose_name=_("服务对象"))
    channel = models.CharField(_("渠道"), max_length=8, choices=CHANNELS)
    given = models.BooleanField(_("同意"))
    said_at = models.DateTimeField(_("表示时间"))
    source = models.CharField(_("来源"), max_length=60)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="consents", verbose_name=_("记录人")
    )
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        """Names the table for people; a statement says where it was made, and was made before it was recorded."""

        verbose_name = _("关怀同意")
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="a_consent_says_where_it_was_given"),
            models.CheckConstraint(
                condition=Q(said_at__lte=models.F("recorded_at")), name="a_consent_has_been_said"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=("sms", "email")), name="a_consent_is_about_a_known_channel"
            ),
        ]
        # asked before every care message: the latest statement of a person about a channel
        indexes = [models.Index(fields=["contact", "channel", "-said_at"], name="consents_of_a_person")]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.channel} {'+' if self.given else '-'}"
