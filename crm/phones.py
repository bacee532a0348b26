"""Phone numbers as people write them, brought to one form. Pure; only the demo's range asks the settings."""

import re
import unicodedata

from django.conf import settings
from django.utils.translation import gettext as _

from crm.refusal import Refusal

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{9,11}")
DEMO_PHONE = re.compile(r"100\d{8}")
FILLING = re.compile(r"[\s()（）\-–—.·]")
COUNTRY = re.compile(r"^(?:(?:\+|00)86(?=\d)|86(?=1\d{10}$))")


class PhoneNotUnderstood(Refusal):
    """The text is no phone number of this country."""


class PhoneIsForDemos(Refusal):
    """The number begins with 100, a range that only the demo uses."""


def digits(text: str) -> str:
    """This function will strip a number of spaces, dashes, full-width forms and the country code."""
    plain = FILLING.sub("", unicodedata.normalize("NFKC", text))
    return COUNTRY.sub("", plain, count=1)


def normalise(text: str) -> str:
    """This function will bring a mobile or landline number to bare digits: ＋86 138-0000 5678 is 13800005678.

    Raises PhoneNotUnderstood, or PhoneIsForDemos for 100… outside a demo. Doing it twice changes nothing.
    """
    number = digits(text)
    if DEMO_PHONE.fullmatch(number):
        if settings.DEMO:
            return number
        raise PhoneIsForDemos(_("100 开头的号码只用于演示环境，请填写真实的手机号码。"))
    if MOBILE.fullmatch(number) or LANDLINE.fullmatch(number):
        return number
    raise PhoneNotUnderstood(_("看不懂这个电话号码：请填写 11 位手机号，座机请带区号，如 022-12345678。"))


def mobile(text: str) -> str:
    """This function will normalise a number that must be able to receive text messages."""
    number = normalise(text)
    if LANDLINE.fullmatch(number):
        raise PhoneNotUnderstood(_("这是座机号码，收不到短信：请填写 11 位手机号。"))
    return number


def looks_whole(text: str) -> bool:
    """This function will say whether a search text is a whole phone number rather than a part of something."""
    number = digits(text)
    return any(form.fullmatch(number) for form in (MOBILE, LANDLINE, DEMO_PHONE))
