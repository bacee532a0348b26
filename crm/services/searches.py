"""Writes down searches by clear personal data (rulebook X-30); the log keeps the mask, never the number."""

from collections.abc import Sequence
from datetime import datetime

from crm import id_numbers, phones, privacy
from crm.models import Customer, User
from crm.services import audit


def note(*, text: str, found: Sequence[Customer], by: User, now: datetime) -> None:
    """This function will log that somebody searched by a whole phone or ID number.

    Each search is a row of each customer that it showed, or one row where it showed nobody.
    """
    if phones.looks_whole(text):
        field, masked = "phone", privacy.mask_phone(phones.digits(text))
    else:
        field, masked = "id_no", privacy.mask_id_no(id_numbers.plain(text))
    after = {"field": field, "masked": masked, "found": len(found)}
    shown: list[Customer | None] = [*found] or [None]
    audit.log_many(
        [
            audit.entry(
                action="crm.customer.searched",
                subject=f"crm.contact.{field}",
                by=by,
                now=now,
                customer=customer,
                after=after,
            )
            for customer in shown
        ]
    )
