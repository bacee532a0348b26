"""Makes an unsafe API call count once per token and Idempotency-Key. The unique row decides; a lease ends a dead one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from crm import bulk
from crm.models import ApiCall, ApiToken
from crm.refusal import Refusal

LEASE = timedelta(seconds=120)
KEPT = timedelta(hours=24)
LONGEST_KEY = 255


class KeyIsUnusable(Refusal):
    """A key has 1 to 255 visible characters."""


class StillRunning(Refusal):
    """The first call with this key has not been answered yet."""


class BodyChanged(Refusal):
    """The key was used for another request."""


class LeaseLost(Refusal):
    """Another process took the call over, because this one was silent for too long; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered and will be answered again."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def begin(*, token: ApiToken, key: str, fingerprint: str, now: datetime) -> ApiCall | Answer:
    """This function will claim the call, or return the answer of the first one with this key.

    Raises KeyIsUnusable, StillRunning, or BodyChanged. Call it outside the transaction of the effect.
    """
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= LONGEST_KEY:
        raise KeyIsUnusable(_("Idempotency-Key 请用 1 到 255 个英文字母、数字或符号。"))
    while True:
        call = ApiCall(
            token=token, key=key, fingerprint=fingerprint, started_at=now, leased_until=now + LEASE
        )
        if bulk.insert_new([call], by="key"):
            return call
        standing = ApiCall.objects.filter(token=token, key=key).first()
        if standing is not None:  # else it was given back since
            return _again(standing, fingerprint, now)


def _again(call: ApiCall, fingerprint: str, now: datetime) -> ApiCall | Answer:
    """This function will replay an answer, take over a dead or forgotten call, or refuse."""
    if call.started_at > now - KEPT:
        if call.fingerprint != fingerprint:
            raise BodyChanged(_("这个 Idempotency-Key 已用于另一个请求，请换一个新的。"))
        if call.done_at is not None:
            return Answer(call.status or 0, call.body, call.headers)
        if call.leased_until > now:
            raise StillRunning(_("同一个 Idempotency-Key 的请求正在处理，请稍后重试。"))
    mine = ApiCall.objects.filter(pk=call.pk, leased_until=call.leased_until, done_at=call.done_at)
    fresh = {"started_at": now, "leased_until": now + LEASE, "fingerprint": fingerprint}
    if not mine.update(**fresh, done_at=None, status=None, body="", headers={}):
        raise StillRunning(_("同一个 Idempotency-Key 的请求正在处理，请稍后重试。"))
    call.refresh_from_db()
    return call


def finish(*, call: ApiCall, answer: Answer, now: datetime) -> None:
    """This function will keep the answer; inside the effect's transaction both stand or fall together.

    Raises LeaseLost where another process has the call by now.
    """
    ours = ApiCall.objects.filter(pk=call.pk, leased_until=call.leased_until, done_at__isnull=True)
    kept = {"done_at": now, "status": answer.status, "body": answer.body, "headers": answer.headers}
    if not ours.update(**kept):
        raise LeaseLost(_("处理超时，请以同一个 Idempotency-Key 重试。"))


def give_back(*, call: ApiCall) -> None:
    """This function will let the key be used again at once, where nothing was done and nothing is to be replayed."""
    ApiCall.objects.filter(pk=call.pk, leased_until=call.leased_until, done_at__isnull=True).delete()


def forget(*, now: datetime) -> int:
    """This function will delete calls older than a day and return how many; twice is the same as once."""
    deleted, _rows = ApiCall.objects.filter(started_at__lt=now - KEPT).delete()
    return deleted
