"""Mailboxes of persons: written one way, so that equal ones are found. Pure."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from crm.refusal import Refusal

LENGTH = 120


class NotAMailbox(Refusal):
    """The text is not the address of a mailbox."""


def mailbox(text: str) -> str:
    """This function will check an e-mail address and write it in small letters; raises NotAMailbox."""
    written = text.strip().lower()
    try:
        validate_email(written)
    except ValidationError as error:
        raise NotAMailbox(_("邮箱地址不完整，应形如 name@example.com。")) from error
    if len(written) > LENGTH:
        raise NotAMailbox(_("邮箱地址超过 %(length)d 个字符，请核对。") % {"length": LENGTH})
    return written
