"""Issues, recognises and revokes API tokens. The text is shown once; only a keyed digest is kept."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm import privacy, rights
from crm.models import ApiToken, User
from crm.models.api import ApiScope
from crm.refusal import Refusal
from crm.services import audit

MARK = "jn"
KEY_BYTES, SECRET_BYTES = 6, 32
LONGEST = timedelta(days=366)
# A busy machine calls many times a second; the page needs to know the minute.
NOTED_EVERY = timedelta(minutes=1)


class TokenIsWrong(Refusal):
    """The text is no token of ours, or it is expired, revoked, of a person who has left, or used from elsewhere."""


class ScopeIsUnknown(Refusal):
    """A token says what it may be used for."""


class LastsTooLong(Refusal):
    """A token ends within a year."""


class AddressIsUnreadable(Refusal):
    """An allowed address is an IP address or a network."""


class NotTheirToken(Refusal):
    """Tokens are revoked by their person or by the head office."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token and its text, which nobody can show again."""

    token: ApiToken
    text: str


def issue(
    *,
    person: User,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime,
    by: User,
    now: datetime,
    addresses: Sequence[str] = (),
) -> Issued:
    """This function will make a token with which a machine acts as the person, within the scopes.

    Raises NotAllowed, ScopeIsUnknown, LastsTooLong or AddressIsUnreadable.
    """
    rights.require(by, "api_token" if person.pk == by.pk else "api_token_any")
    if not scopes or not set(scopes) <= set(ApiScope.values):
        raise ScopeIsUnknown(_("请至少选一个范围。"))
    if not now < expires_at <= now + LONGEST:
        raise LastsTooLong(_("到期日须在今天之后、一年之内，请改选。"))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken(
        person=person,
        name=name.strip(),
        key=secrets.token_hex(KEY_BYTES),
        digest=_digest(secret),
        scopes=[scope for scope in ApiScope.values if scope in scopes],
        addresses=[_network(text) for text in addresses],
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    with transaction.atomic():
        token.save(force_insert=True)
        audit.log(
            action="crm.api_token.issued",
            subject=token,
            by=by,
            now=now,
            after={"name": token.name, "person": person.username, "scopes": token.scopes},
        )
    return Issued(token, f"{MARK}_{token.key}_{secret}")


def recognise(*, text: str, address: str, now: datetime) -> ApiToken:
    """This function will return the token that a text means and note its use, or raise TokenIsWrong.

    Asked at every call, so a revoked token or a person switched off is dead at the next one.
    """
    mark, _dash, rest = text.partition("_")
    key, _dash, secret = rest.partition("_")
    found = ApiToken.objects.select_related("person__branch").filter(key=key).first()
    # compared in constant time, also where there is no such key
    same = hmac.compare_digest(found.digest if found else _digest("none"), _digest(secret))
    if mark != MARK or found is None or not same:
        raise TokenIsWrong(_("接口令牌不正确，请核对后重试。"))
    if found.revoked_at is not None or not found.person.is_active:
        raise TokenIsWrong(_("这枚接口令牌已吊销或使用人已停用，请另行签发。"))
    if found.expires_at <= now:
        raise TokenIsWrong(_("这枚接口令牌已过期，请另行签发。"))
    if found.addresses and not _inside(address, found.addresses):
        raise TokenIsWrong(_("这枚接口令牌不允许从这个地址使用，请联系签发人。"))
    _note_use(found, address, now)
    return found


def revoke(*, token: ApiToken, by: User, now: datetime) -> ApiToken:
    """This function will end a token at once; the first time counts. Raises NotTheirToken."""
    if token.person_id != by.pk and not rights.may(by, "api_token_any"):
        raise NotTheirToken(_("只能吊销自己的令牌；别人的请由总公司管理员吊销。"))
    with transaction.atomic():
        alive = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if alive.update(revoked_at=now, revoked_by=by):
            audit.log(
                action="crm.api_token.revoked",
                subject=token,
                by=by,
                now=now,
                after={"name": token.name, "person": token.person.username},
            )
    token.refresh_from_db()
    return token


def _digest(secret: str) -> str:
    return privacy.blind_index(secret, "api_token")


def _note_use(token: ApiToken, address: str, now: datetime) -> None:
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now, last_used_from=address)


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip()))
    except ValueError:
        raise AddressIsUnreadable(
            _("“%(text)s”不是 IP 地址或网段，请写成 10.1.2.3 或 10.1.2.0/24。") % {"text": text.strip()[:40]}
        ) from None


def _inside(address: str, networks: Sequence[str]) -> bool:
    try:
        return any(ip_address(address) in ip_network(network) for network in networks)
    except ValueError:
        return False
