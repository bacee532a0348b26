"""Writes down who logged in and who failed to. How many tries are let through is decided in `tries`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm import addresses, privacy
from crm.models import LoginSession, LoginTry, User
from crm.services import audit, tries

# A place counts as the person's own for so long after a login from it.
REMEMBERED = timedelta(days=30)
SUCCEEDED, FAILED = "crm.login.succeeded", "crm.login.failed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a password that was let through."""

    username: str
    row: LoginTry


def admit(*, username: str, now: datetime) -> Attempt:
    """This function will let a password be tried, or raise TooManyTries. It does the same for numbers that nobody has."""
    lately = LoginSession.objects.filter(user__username=username, begun_at__gt=now - REMEMBERED)
    known = {addresses.household(one) for one in lately.values_list("address", flat=True).distinct()}
    return Attempt(username, tries.begin(subject=_subject(username), known=known, now=now))


def note_failure(attempt: Attempt, *, now: datetime) -> None:
    """This function will write down a failed try; the staff number is named only where there is one."""
    tries.settle(attempt.row, won=False)
    known = User.objects.filter(username=attempt.username).exists()
    audit.log(
        action=FAILED,
        subject=f"login:{_subject(attempt.username)[:32]}",
        by=None,
        now=now,
        after={"username": attempt.username} if known else None,
    )


def note_password(attempt: Attempt) -> None:
    """This function will end the count of failures: the password was right."""
    tries.settle(attempt.row, won=True)


def note_success(*, user: User, now: datetime) -> None:
    """This function will write down that a person logged in."""
    audit.log(action=SUCCEEDED, subject=f"login:{_subject(user.username)[:32]}", by=user, now=now)


def _subject(username: str) -> str:
    """This function will name what was typed without keeping it: people type passwords into the wrong box."""
    return privacy.blind_index(username, "login")
