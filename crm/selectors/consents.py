"""Whether a person may be sent care messages by a channel, and what the person said about it (rulebook X-29)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.models import Consent, Contact
from crm.models.consent import CHANNELS


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to one channel: allowed or not, since when, by which statement."""

    channel: str
    word: str
    objection: str
    source: str = ""
    said_at: datetime | None = None

    @property
    def allowed(self) -> bool:
        """This function will say whether care messages may leave by the channel."""
        return not self.objection


def spoken(persons: Collection[int], channel: str) -> bool | None:
    """This function will return the latest statement that the rows of one person made about a channel; None: none."""
    said = Consent.objects.filter(contact__in=persons, channel=channel).order_by("-said_at", "-pk")
    return said.values_list("given", flat=True).first()


def objection(contact: Contact, spoken: bool | None) -> str:
    """This function will say why no care message may leave, or nothing. It asks no row.

    An opt-out from everything comes first, then what was said about the channel, then the general consent.
    """
    if contact.opted_out_at is not None:
        return _("已退订")
    if spoken is False:
        return _("已撤回该渠道的同意")
    return "" if spoken or contact.consented_at is not None else _("无同意")


def why_not(contact: Contact, channel: str) -> str:
    """This function will say why no care message may go to a person by a channel, or nothing."""
    return objection(contact, spoken([contact.pk], channel))


def of_contact(contact: Contact) -> QuerySet[Consent]:
    """This function will list what a person said about channels, the latest first."""
    return contact.consents.select_related("by").order_by("-said_at", "-pk")


def standings(contacts: Iterable[Contact]) -> dict[int, list[Standing]]:
    """This function will say how people stand to every channel, in one query."""
    people = list(contacts)
    latest: dict[tuple[int, str], Consent] = {}
    for row in Consent.objects.filter(contact__in=people).order_by("said_at", "pk"):
        latest[row.contact_id, row.channel] = row
    found: dict[int, list[Standing]] = defaultdict(list)
    for person in people:
        for channel, word in CHANNELS:
            found[person.pk].append(_standing(person, channel, str(word), latest.get((person.pk, channel))))
    return found


def _standing(person: Contact, channel: str, word: str, row: Consent | None) -> Standing:
    why = objection(person, row.given if row else None)
    if person.opted_out_at is not None:
        return Standing(channel, word, why, said_at=person.opted_out_at)
    if row is not None:
        return Standing(channel, word, why, row.source, row.said_at)
    return Standing(channel, word, why, person.consent_source, person.consented_at)
