"""Puts phones, mailboxes and ID numbers into a contact's row, sealed, masked and indexed. Saving is the caller's."""

from datetime import date
from typing import Literal

from crm import id_numbers, mailboxes, phones, privacy
from crm.models import Contact


def put_phone(contact: Contact, text: str) -> None:
    """This function will seal, mask and index a mobile number; an empty text empties the field."""
    phone = phones.mobile(text) if text.strip() else ""
    contact.phone_masked = privacy.mask_phone(phone)
    index = privacy.phone_index(phone) if phone else ""
    if index != contact.phone_index:
        contact.phone_sealed = privacy.seal(phone, _context(contact, "phone")) if phone else ""
        contact.phone_tail_index = privacy.phone_tail_index(phone) if phone else ""
        contact.phone_index = index


def put_id_no(contact: Contact, text: str, today: date) -> None:
    """This function will seal, mask and index an ID number, and take the birth date from it where none is known."""
    number = id_numbers.normalise(text, today=today) if text.strip() else ""
    contact.id_no_masked = privacy.mask_id_no(number)
    index = privacy.id_no_index(number) if number else ""
    if index != contact.id_no_index:
        contact.id_no_sealed = privacy.seal(number, _context(contact, "id_no")) if number else ""
        contact.id_no_index = index
    if number and contact.birth_date is None:
        contact.birth_date = id_numbers.birth_date(number)


def put_email(contact: Contact, text: str) -> None:
    """This function will seal, mask and index a mailbox; an empty text empties the field. Raises NotAMailbox."""
    mailbox = mailboxes.mailbox(text) if text.strip() else ""
    contact.email_masked = privacy.mask_email(mailbox)
    index = privacy.email_index(mailbox) if mailbox else ""
    if index != contact.email_index:
        contact.email_sealed = privacy.seal(mailbox, _context(contact, "email")) if mailbox else ""
        contact.email_index = index


def clear(contact: Contact, field: Literal["phone", "email", "id_no"]) -> str:
    """This function will open a sealed field. Only `contacts.reveal` and the sending of messages may call it."""
    sealed: str = getattr(contact, f"{field}_sealed")
    return privacy.open_sealed(sealed, _context(contact, field))


def _context(contact: Contact, field: str) -> str:
    """This function will name the one place where a sealed value of this person may be opened."""
    return f"crm.contact.{field}:{contact.ref}"
