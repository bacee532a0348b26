"""Begins, looks at and ends logins. What ends a login is decided here and takes effect on the next request.

The session's own row belongs to Django; ours names it by a digest of its key.
"""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext as _

from crm import privacy
from crm.models import LoginSession, User
from crm.models.login import Ending
from crm.refusal import Refusal
from crm.selectors import house_rules, stand_ins
from crm.services import audit
from crm.time import local_date

# A login's last sight is written at most this often.
SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)


class ReasonIsMissing(Refusal):
    """Ending somebody's logins needs a reason."""


def digest(key: str) -> str:
    """This function will name a session without its key."""
    return privacy.blind_index(key, "session")


def begin(*, user: User, key: str, device: str, address: str, now: datetime) -> LoginSession:
    """This function will note a login; the same session twice is the same as once."""
    rules = house_rules.current()
    row, _made = LoginSession.objects.get_or_create(
        key_digest=digest(key),
        defaults={
            "user": user,
            "device": device[:60],
            "address": address[:45],
            "role": user.role,
            "branch_id": user.branch_id,
            "begun_at": now,
            "last_seen_at": now,
            "idle_minutes": rules.session_idle_minutes,
            "ends_at": now + timedelta(hours=rules.session_hours),
        },
    )
    return row


def opened(*, key: str, now: datetime) -> LoginSession | None:
    """This function will return the login of a session that still holds, with its person and their branch; one query.

    It also says what the session keeps (`kept`), and whether the person stands in for anybody today (`lends`).
    """
    held = Session.objects.filter(session_key=key, expire_date__gt=now).values("session_data")
    known = LoginSession.objects.filter(key_digest=digest(key)).select_related("user__branch")
    row = known.annotate(kept=Subquery(held), lends=stand_ins.somebody_lends(on=local_date(now))).first()
    return row if row is not None and row.kept is not None else None


def look(
    *, user: User, row: LoginSession | None, now: datetime, active: bool = True
) -> LoginSession | Ending:
    """This function will return the open login that a request belongs to, or why there is none.

    No query; once a minute one writes that it was seen, unless nobody did anything (`active`).
    """
    if row is None or row.user_id != user.pk:
        return Ending.ENDED
    if row.ended_at is not None:
        return Ending(row.ended_why)
    why = _outlived(row, user, now)
    if why:
        _close(LoginSession.objects.filter(pk=row.pk), why, now)
        return why
    if active and now - row.last_seen_at >= SEEN_EVERY:
        LoginSession.objects.filter(pk=row.pk, last_seen_at__lt=now).update(last_seen_at=now)
    return row


def _outlived(row: LoginSession, user: User, now: datetime) -> Ending | None:
    if (row.role, row.branch_id) != (user.role, user.branch_id):
        return Ending.MOVED
    if now >= row.ends_at:
        return Ending.OVER
    if now - row.last_seen_at >= timedelta(minutes=row.idle_minutes):
        return Ending.IDLE
    return None


def rekey(*, old: str, new: str, second: bool | None = None) -> None:
    """This function will follow a session to its new key, and note that the second factor was passed."""
    told = {"key_digest": digest(new)} | ({} if second is None else {"second": second})
    LoginSession.objects.filter(key_digest=digest(old)).update(**told)


def end(*, key: str, why: Ending, now: datetime) -> None:
    """This function will end the login of one session; an ended one keeps its reason."""
    _close(LoginSession.objects.filter(key_digest=digest(key)), why, now)


def end_one(row: LoginSession, *, by: User, now: datetime) -> None:
    """This function will end one login of one's own; pressed twice it is the same as once."""
    with transaction.atomic():
        if _close(LoginSession.objects.filter(pk=row.pk), Ending.ENDED, now):
            audit.log(action="crm.session.ended", subject=row, by=by, now=now, after={"device": row.device})


def end_others(*, user: User, key: str, why: Ending = Ending.ENDED, now: datetime) -> int:
    """This function will end all logins of a person but the one of a session, and return how many."""
    rows = LoginSession.objects.filter(user=user).exclude(key_digest=digest(key))
    with transaction.atomic():
        ended = _close(rows, why, now)
        if ended and why == Ending.ENDED:
            audit.log(action="crm.session.ended", subject=user, by=user, now=now, after={"ended": ended})
    return ended


def end_all(*, user: User, by: User | None, reason: str, now: datetime, why: Ending = Ending.ADMIN) -> int:
    """This function will end every login of a person, write down who did and why, and return how many."""
    with transaction.atomic():
        ended = _close(LoginSession.objects.filter(user=user), why, now)
        audit.log(
            action="crm.session.ended", subject=user, by=by, now=now, reason=reason, after={"ended": ended}
        )
    return ended


def end_for_reason(*, user: User, by: User, reason: str, now: datetime) -> int:
    """This function will end every login of a person as an administrator does; it raises ReasonIsMissing."""
    if not reason.strip():
        raise ReasonIsMissing(_("请写明结束登录的理由，例如“电脑遗失”。"))
    return end_all(user=user, by=by, reason=reason, now=now)


def forget(*, now: datetime) -> int:
    """This function will delete Django's outlived sessions, and logins over for 90 days; returns how many of these."""
    Session.objects.filter(expire_date__lt=now).delete()
    return LoginSession.objects.filter(ends_at__lt=now - KEPT).delete()[0]


def _close(rows: QuerySet[LoginSession], why: Ending, now: datetime) -> int:
    return rows.filter(ended_at__isnull=True).update(ended_at=now, ended_why=why)
