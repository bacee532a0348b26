"""Handing in a year's notice and deciding on it: two administrators of the head office publish a calendar.

What the text may say is checked in `crm.time`; that the deciding person is another one stands as a constraint too.
"""

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import CalendarDraft, User
from crm.models.calendar import DraftDecision
from crm.refusal import Refusal
from crm.services import audit, calendars
from crm.services.calendars import NoticeContradictsItself
from crm.time.notice_reading import read_any
from crm.time.notice_text import Reading

RIGHT = "calendar_publish"


class DraftNeedsAnotherPerson(Refusal):
    """Who handed a notice in cannot confirm it."""


class DraftIsDecided(Refusal):
    """Somebody decided on the notice before."""


class YearHasAnOpenDraft(Refusal):
    """Two notices of one year cannot wait at once."""


class ReturnNeedsAReason(Refusal):
    """A notice is not sent back without a word."""


class DraftIsNotYours(Refusal):
    """Only who handed a notice in takes it back."""


@transaction.atomic
def submit(*, text: str, address: str = "", by: User, now: datetime) -> CalendarDraft:
    """This function will hand in a notice for another administrator to confirm.

    Raises NoticeContradictsItself with the first contradiction, YearHasAnOpenDraft while one of the year waits.
    """
    rights.require(by, RIGHT)
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
                submitted_by=by,
                submitted_at=now,
            )
    except IntegrityError:  # the table allows one open draft a year, also for two people at once
        told = _("%(year)s 年已有一份通知等待确认，请先处理那一份。") % {"year": year}
        raise YearHasAnOpenDraft(told) from None
    _log("submitted", draft, by=by, now=now)
    return draft


@transaction.atomic
def confirm(*, draft: CalendarDraft, by: User, now: datetime) -> CalendarDraft:
    """This function will make a handed-in notice the ruling one and settle provisional promises (rulebook X-03).

    Raises DraftNeedsAnotherPerson for its own author, DraftIsDecided the second time.
    """
    rights.require(by, RIGHT)
    row = _open(draft)
    if row.submitted_by_id == by.pk:
        raise DraftNeedsAnotherPerson(_("提交人不能自己确认，请另一位总公司管理员核对后确认。"))
    reading = read_any(row.text, row.address)
    if digest_of(reading) != row.digest:
        raise NoticeContradictsItself(_("这份通知的读法在提交后有变化，请退回并重新提交。"))
    row.notice = calendars.publish(reading=reading, by=by, now=now)
    return _decide(row, DraftDecision.CONFIRMED, by=by, now=now)


@transaction.atomic
def send_back(*, draft: CalendarDraft, reason: str, by: User, now: datetime) -> CalendarDraft:
    """This function will return a notice to who handed it in, with a reason. Raises ReturnNeedsAReason."""
    rights.require(by, RIGHT)
    row = _open(draft)
    if not reason.strip():
        raise ReturnNeedsAReason(_("请写明退回的理由。"))
    row.reason = reason.strip()[:200]
    return _decide(row, DraftDecision.RETURNED, by=by, now=now)


@transaction.atomic
def withdraw(*, draft: CalendarDraft, by: User, now: datetime) -> CalendarDraft:
    """This function will take back a notice of one's own. Raises DraftIsNotYours."""
    rights.require(by, RIGHT)
    row = _open(draft)
    if row.submitted_by_id != by.pk:
        raise DraftIsNotYours(_("只有提交人可以撤回；如不同意，请退回并写明理由。"))
    return _decide(row, DraftDecision.WITHDRAWN, by=by, now=now)


def digest_of(reading: Reading) -> str:
    """This function will give the fingerprint of everything that a reading would change."""
    return hashlib.sha256(repr((reading.notice, reading.carried)).encode()).hexdigest()


def _open(draft: CalendarDraft) -> CalendarDraft:
    row = CalendarDraft.objects.select_for_update().get(pk=draft.pk)
    if row.decision:
        raise DraftIsDecided(_("这份通知%(word)s，不能再处理。") % {"word": row.get_decision_display()})
    return row


def _decide(row: CalendarDraft, decision: DraftDecision, *, by: User, now: datetime) -> CalendarDraft:
    row.decision, row.decided_by, row.decided_at = decision, by, now
    row.save()
    _log(decision.value, row, by=by, now=now)
    return row


def _log(what: str, row: CalendarDraft, *, by: User, now: datetime) -> None:
    audit.log(
        action=f"crm.calendar_draft.{what}",
        subject=row,
        by=by,
        now=now,
        after={"year": row.year, "digest": row.digest},
        reason=row.reason,
    )
