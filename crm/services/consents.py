"""Writes what a person said about care messages by one channel; the latest statement holds from that moment on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Consent, Contact, User
from crm.models.consent import CHANNELS
from crm.refusal import Refusal
from crm.selectors import consents as read
from crm.services import audit


class SourceIsMissing(Refusal):
    """A statement says where and how it was made (rulebook X-29)."""


class SaidInFuture(Refusal):
    """Nobody has said yet what lies ahead."""


class NewerStatement(Refusal):
    """The person said something later about the channel; an older statement would change nothing."""


@transaction.atomic
def state(
    *,
    contact: Contact,
    channel: str,
    given: bool,
    source: str,
    said_at: datetime,
    by: User | None,
    now: datetime,
) -> Consent | None:
    """This function will write down consent to a channel, or its withdrawal; what is said already adds no row.

    The person's row is held, as it is while a message leaves: a withdrawal committed before is obeyed. Raises
    SourceIsMissing, SaidInFuture, NewerStatement.
    """
    if not source.strip():
        raise SourceIsMissing(_("请写明在哪里、怎样表示的，例如“电话确认”“短信回复 R”。"))
    if said_at > now:
        raise SaidInFuture(_("表示时间还没有到，请核对。"))
    row = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    latest = read.of_contact(row).filter(channel=channel).first()
    if latest is not None and latest.said_at > said_at:
        raise NewerStatement(
            _("%(day)s 之后客户又有表示，请核对记录，按最近一次登记。") % {"day": said_at.date().isoformat()}
        )
    if latest is not None and latest.given == given:
        return None
    made = Consent.objects.create(
        contact=row,
        channel=channel,
        given=given,
        said_at=said_at,
        source=source.strip()[:60],
        by=by,
        recorded_at=now,
    )
    audit.log(
        action="crm.consent.given" if given else "crm.consent.withdrawn",
        subject=row,
        by=by,
        now=now,
        customer=row.customer,
        after={"channel": str(dict(CHANNELS)[channel]), "consent_source": made.source},
    )
    return made
