"""Writes down who logged in and who failed to, and closes the door for a while after too many failures.

The lock is for one staff number from one address: an outsider cannot lock a person out of the office, and people
behind one address do not lock each other out.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from crm import privacy, trace
from crm.models import LogEntry, User
from crm.refusal import Refusal
from crm.services import audit

TRIES = 5
REST = timedelta(minutes=15)
SUCCEEDED, FAILED = "crm.login.succeeded", "crm.login.failed"


class TooManyTries(Refusal):
    """The password was wrong too often; after a rest one may try again."""


def _subject(username: str) -> str:
    """This function will name what was typed without keeping it: people type passwords into the wrong box."""
    return f"login:{privacy.blind_index(username, 'login')[:32]}"


def admit(*, username: str, now: datetime) -> None:
    """This function will raise TooManyTries after five failures within 15 minutes from this address.

    A success in between starts the count anew. Refused tries are not counted, so the lock ends by itself.
    """
    recent = LogEntry.objects.filter(
        subject=_subject(username), address=trace.current().address, at__gt=now - REST
    ).order_by("-at", "-id")
    acts = list(recent.values_list("action", flat=True)[:TRIES])
    if acts == [FAILED] * TRIES:
        raise TooManyTries(_("密码连续输错，请 15 分钟后再试；忘记密码请联系系统管理员重置。"))


def note_failure(*, username: str, now: datetime) -> None:
    """This function will write down a failed try; the staff number is named only where there is one."""
    known = User.objects.filter(username=username).exists()
    audit.log(
        action=FAILED,
        subject=_subject(username),
        by=None,
        now=now,
        after={"username": username} if known else None,
    )


def note_success(*, user: User, now: datetime) -> None:
    """This function will write down that a person logged in."""
    audit.log(action=SUCCEEDED, subject=_subject(user.username), by=user, now=now)
