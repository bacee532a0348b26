"""Resident ID numbers (GB 11643), brought to one form and checked. Residence permits of 港澳台 share the form."""

import re
import unicodedata
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from stdnum.cn import ric

from crm.refusal import Refusal

FORM = re.compile(r"\d{17}[\dX]")
OLD_FORM = re.compile(r"\d{15}")
# Mainland provinces, Taiwan, and the permits for residents of Hong Kong (81), Macau (82) and Taiwan (83).
REGIONS = frozenset(
    [
        *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
        *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83),
    ]
)
DEMO_REGION = "990000"


class IdNumberNotUnderstood(Refusal):
    """The text is no resident ID number; the sentence says which part is wrong."""


class IdNumberIsForDemos(Refusal):
    """The number begins with 990000, a range that only the demo uses."""


def plain(text: str) -> str:
    """This function will strip a number of spaces, dashes and full-width forms, with an upper-case X."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def birth_date(number: str) -> date:
    """This function will read the date of birth that a normalised ID number holds."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise IdNumberNotUnderstood(_("证件号码里的出生日期不存在，请核对第 7 至 14 位。")) from error


def normalise(text: str, *, today: date) -> str:
    """This function will check an 18-character ID number and return it with an upper-case X.

    Refuses 15-digit numbers of old cards, unknown regions, impossible or future birth dates and wrong check
    digits; 990000… is accepted only in a demo.
    """
    number = plain(text)
    if OLD_FORM.fullmatch(number):
        raise IdNumberNotUnderstood(_("这是 15 位的旧证件号码，已经停用，请填写 18 位号码。"))
    if not FORM.fullmatch(number):
        raise IdNumberNotUnderstood(_("证件号码应为 18 位，前 17 位是数字，末位是数字或 X。"))
    if number.startswith(DEMO_REGION):
        if not settings.DEMO:
            raise IdNumberIsForDemos(_("990000 开头的证件号码只用于演示环境，请填写真实的证件号码。"))
    elif int(number[:2]) not in REGIONS:
        raise IdNumberNotUnderstood(_("证件号码开头的地区代码不存在，请核对前两位。"))
    if birth_date(number) > today:
        raise IdNumberNotUnderstood(_("证件号码里的出生日期在今天之后，请核对第 7 至 14 位。"))
    if ric.calc_check_digit(number) != number[-1]:
        raise IdNumberNotUnderstood(_("证件号码的校验位不对，请逐位核对。"))
    return number


def looks_whole(text: str) -> bool:
    """This function will say whether a search text is a whole ID number rather than a part of something."""
    return bool(FORM.fullmatch(plain(text)))
