"""Writes down searches by clear personal data (rulebook X-30); the log keeps the mask, never the number."""

from datetime import datetime

from crm import id_numbers, phones, privacy
from crm.models import User
from crm.services import audit


def note(*, text: str, found: int, by: User, now: datetime) -> None:
    """This function will log that somebody searched by a whole phone or ID number. Each search is a row."""
    if phones.looks_whole(text):
        field, masked = "phone", privacy.mask_phone(phones.digits(text))
    else:
        field, masked = "id_no", privacy.mask_id_no(id_numbers.plain(text))
    audit.log(
        action="crm.customer.searched",
        subject=f"crm.contact.{field}",
        by=by,
        now=now,
        after={"field": field, "masked": masked, "found": found},
    )
