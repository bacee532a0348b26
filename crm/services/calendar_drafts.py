"""Handing in a year's notice and confirming it: two administrators of the head office publish a calendar.

What the text may say is checked in `crm.time`; sending back and withdrawing are the same for all proposals.
"""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import CalendarDraft, User
from crm.refusal import Refusal
from crm.services import calendars, proposals
from crm.services.calendars import Effect, NoticeContradictsItself
from crm.time.notice_reading import read_any
from crm.time.notice_text import Reading


class YearHasAnOpenDraft(Refusal):
    """Two notices of one year cannot wait at once."""


@transaction.atomic
def submit(*, text: str, address: str = "", recount: bool = False, by: User, now: datetime) -> CalendarDraft:
    """This function will hand in a notice for another administrator to confirm.

    `recount` asks for firm running promises to be dated again too, which a correction does not do by itself.
    Raises NoticeContradictsItself with the first contradiction, YearHasAnOpenDraft while one of the year waits.
    """
    rights.require(by, CalendarDraft.right)
    reading = read_any(text, address)
    if reading.notice is None:
        raise NoticeContradictsItself(
            _("这份通知还不能提交：%(problem)s") % {"problem": " ".join(reading.problems[:1])}
        )
    year = reading.notice.year
    try:
        with transaction.atomic():
            draft = CalendarDraft.objects.create(
                year=year,
                text=text,
                address=address,
                digest=digest_of(reading),
                recount=recount,
                submitted_by=by,
                submitted_at=now,
            )
    except IntegrityError:  # the table allows one open draft a year, also for two people at once
        told = _("%(year)s 年已有一份通知等待确认，请先处理那一份。") % {"year": year}
        raise YearHasAnOpenDraft(told) from None
    proposals.log("submitted", draft, by=by, now=now)
    return draft


@transaction.atomic
def confirm(*, draft: CalendarDraft, by: User, now: datetime) -> tuple[CalendarDraft, Effect]:
    """This function will make a handed-in notice the ruling one and settle provisional promises (rulebook X-03).

    Returns it with what it did to them. Raises what `proposals.confirmable` raises, and NoticeContradictsItself.
    """
    row = proposals.confirmable(draft, by=by)
    reading = read_any(row.text, row.address)
    if digest_of(reading) != row.digest:
        raise NoticeContradictsItself(_("这份通知的读法在提交后有变化，请退回并重新提交。"))
    row.notice, effect = calendars.publish(reading=reading, by=by, now=now, recount=row.recount)
    return proposals.confirmed(row, by=by, now=now), effect


def digest_of(reading: Reading) -> str:
    """This function will give the fingerprint of everything that a reading would change."""
    return hashlib.sha256(repr((reading.notice, reading.carried)).encode()).hexdigest()
