"""Sealing, finding and masking of phones and ID numbers. Pure but for the two keys, which come from the settings.

A sealed value opens only in the place it was sealed for; a blind index finds equals and nothing else.
"""

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from crm.refusal import Refusal

KEY_VERSION = "1"
NONCE_BYTES = 12
# Four hexadecimal digits: 16 bits, short on purpose, so that the index of a phone's tail tells little.
TAIL_INDEX_LENGTH = 4
TAIL_LENGTH = 4


class CannotOpen(Refusal):
    """The sealed value was altered, moved from another row, or sealed with a key that is not here."""


@cache
def _key(secret: str, purpose: str) -> bytes:
    """This function will derive the 32 bytes of one purpose from a secret of any length."""
    return hmac.digest(secret.encode(), f"jiannuo:{purpose}".encode(), hashlib.sha256)


def _seal_key() -> bytes:
    return _key(settings.PERSONAL_DATA_KEY, f"seal:{KEY_VERSION}")


def seal(clear: str, context: str) -> str:
    """This function will encrypt a value for one place, e.g. `crm.contact.phone:<ref>`; twice gives two texts."""
    nonce = os.urandom(NONCE_BYTES)
    body = AESGCM(_seal_key()).encrypt(nonce, clear.encode(), context.encode())
    return f"{KEY_VERSION}.{base64.urlsafe_b64encode(nonce + body).decode()}"


def open_sealed(sealed: str, context: str) -> str:
    """This function will decrypt what `seal` made for the same place, or raise CannotOpen."""
    version, _dot, text = sealed.partition(".")
    if version != KEY_VERSION:
        raise CannotOpen(_("这条加密信息使用了未知的密钥版本，无法查看，请联系总公司管理员。"))
    try:
        raw = base64.urlsafe_b64decode(text)
        return AESGCM(_seal_key()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(_("这条加密信息与密钥不符，无法查看，请联系总公司管理员。")) from error


def blind_index(clear: str, column: str) -> str:
    """This function will give the keyed digest by which equal values of one column find each other."""
    key = _key(settings.BLIND_INDEX_KEY, f"index:{column}")
    return hmac.new(key, clear.encode(), hashlib.sha256).hexdigest()


def phone_index(phone: str) -> str:
    """This function will index a whole normalised phone number."""
    return blind_index(phone, "phone")


def phone_tail_index(phone: str) -> str:
    """This function will index the last four digits of a phone; the digest is cut, so a hit is a candidate."""
    return blind_index(phone[-TAIL_LENGTH:], "phone_tail")[:TAIL_INDEX_LENGTH]


def email_index(mailbox: str) -> str:
    """This function will index a whole normalised mailbox."""
    return blind_index(mailbox, "email")


def id_no_index(number: str) -> str:
    """This function will index a whole normalised ID number."""
    return blind_index(number, "id_no")


def mask_person(name: str) -> str:
    """This function will keep the first character of a person's name: 张*. Organisations are never masked."""
    return f"{name[0]}*" if name else ""


def mask_phone(phone: str) -> str:
    """This function will keep three digits before and four after: 138****5678."""
    return f"{phone[:3]}****{phone[-TAIL_LENGTH:]}" if phone else ""


def mask_email(mailbox: str) -> str:
    """This function will keep the first character and the domain of a mailbox: z***@example.com."""
    return f"{mailbox[0]}***@{mailbox.rpartition('@')[2]}"[:80] if mailbox else ""


def mask_id_no(number: str) -> str:
    """This function will keep the first and the last character of an ID number."""
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if number else ""
