"""The second factor: an authenticator app and ten recovery codes. django-otp computes the codes, our rows keep them.

Secrets are sealed, recovery codes are kept as keyed digests; each code opens the door once, also of two tries at once.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.oath import TOTP

from crm import privacy, rights
from crm.models import RecoveryCode, SecondFactor, User
from crm.models.login import Ending
from crm.models.staff import Role
from crm.refusal import Refusal
from crm.services import audit, sessions, tries

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
CODES = 10
# No 0, 1, 8, 9, I, O: read from paper by people. 16 of 30 signs are 78 bits.
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ234567"
CODE_LENGTH, GROUP = 16, 4
ISSUER = "践诺"


class WrongCode(Refusal):
    """The code is wrong, too old, or was used before."""


class NothingToConfirm(Refusal):
    """No registration was begun, or it is done already."""


class NotYourOwn(Refusal):
    """Nobody takes away their own second factor; another administrator does."""


class ReasonIsMissing(Refusal):
    """Taking away somebody's second factor needs a reason."""


def required(user: User) -> bool:
    """This function will say whether a person may work only with a second factor (DESIGN: not in the demo)."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    return user.role in (Role.HEAD_OFFICE, Role.AUDITOR) or any(
        right.get("second_factor") and user.role in right["roles"] for right in rights.table().values()
    )


def enrolled(user: User) -> bool:
    """This function will say whether a person has a confirmed second factor."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def start(*, user: User, now: datetime) -> None:
    """This function will begin a registration with a new secret; one that was not confirmed is thrown away."""
    with transaction.atomic():
        if enrolled(user):
            raise NothingToConfirm(_("二次验证已经启用；换手机请联系另一位总公司管理员重置后重新登记。"))
        secret = secrets.token_bytes(SECRET_BYTES).hex()
        SecondFactor.objects.update_or_create(
            user=user, defaults={"secret_sealed": privacy.seal(secret, _context(user)), "begun_at": now}
        )


def pending(user: User) -> SecondFactor | None:
    """This function will return a registration that waits for its first code."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).first()


def key_of(factor: SecondFactor) -> str:
    """This function will return the key to be typed into an app, in groups of four; only while it is not confirmed."""
    if factor.confirmed_at is not None:
        raise NothingToConfirm(_("二次验证已经启用，密钥不再显示。"))
    text = base64.b32encode(_secret(factor)).decode().rstrip("=")
    return " ".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))


def address_of(factor: SecondFactor) -> str:
    """This function will return what the QR code says to an app."""
    key = key_of(factor).replace(" ", "")
    label = quote(f"{ISSUER}:{factor.user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER})}"


def confirm(*, user: User, code: str, key: str, now: datetime) -> list[str]:
    """This function will take the first code, end the person's other logins and return ten recovery codes, once.

    Raises NothingToConfirm, WrongCode, or TooManyTries. `key` is the session's.
    """
    factor = pending(user)
    if factor is None:
        raise NothingToConfirm(_("没有等待确认的登记；二次验证可能已经启用，请刷新页面。"))
    row = tries.begin(subject=_subject(user), now=now)
    step = _step(factor, code, now)
    tries.settle(row, won=step is not None)
    if step is None:
        raise WrongCode(_("验证码不对。请核对手机时间是否自动校准，等下一个验证码出现后再输入。"))
    with transaction.atomic():
        mine = SecondFactor.objects.filter(pk=factor.pk, confirmed_at__isnull=True)
        if not mine.update(confirmed_at=now, last_step=step):
            raise NothingToConfirm(_("没有等待确认的登记；二次验证可能已经启用，请刷新页面。"))
        codes = _new_codes(factor)
        sessions.end_others(user=user, key=key, why=Ending.FACTOR, now=now)
        audit.log(action="crm.second_factor.confirmed", subject=user, by=user, now=now)
    return codes


def check(*, user: User, code: str, now: datetime) -> None:
    """This function will take a code of the app or a recovery code, each once; else it raises WrongCode or TooManyTries."""
    row = tries.begin(subject=_subject(user), now=now)
    taken = _take(user, code, now)
    tries.settle(row, won=taken)
    if not taken:
        audit.log(action="crm.second_factor.failed", subject=user, by=None, now=now)
        raise WrongCode(_("验证码不对或已经用过。请等下一个验证码出现后再输入，或使用恢复码。"))


def renew_codes(*, user: User, code: str, now: datetime) -> list[str]:
    """This function will take a code and replace all recovery codes by ten new ones, shown once."""
    check(user=user, code=code, now=now)
    with transaction.atomic():
        factor = SecondFactor.objects.get(user=user)
        factor.recovery_codes.all().delete()
        codes = _new_codes(factor)
        audit.log(action="crm.recovery_codes.renewed", subject=user, by=user, now=now)
    return codes


def reset(*, user: User, by: User | None, reason: str, now: datetime) -> None:
    """This function will take away a person's second factor and end their logins; the next login registers a new one.

    Raises NotYourOwn or ReasonIsMissing. `by` is None for the command on the server.
    """
    if by is not None and by.pk == user.pk:
        raise NotYourOwn(_("不能重置自己的二次验证，请由另一位总公司管理员办理。"))
    if not reason.strip():
        raise ReasonIsMissing(_("请写明重置的理由，例如“手机遗失，已当面核对身份”。"))
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).delete()
        sessions.end_all(user=user, by=by, reason=reason, now=now, why=Ending.FACTOR)
        audit.log(action="crm.second_factor.reset", subject=user, by=by, now=now, reason=reason)


def _take(user: User, code: str, now: datetime) -> bool:
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return False
    step = _step(factor, code, now)
    if step is not None:
        newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
        return newer.update(last_step=step) == 1
    unused = RecoveryCode.objects.filter(factor=factor, digest=_digest(code), used_at__isnull=True)
    if unused.update(used_at=now) != 1:
        return False
    audit.log(action="crm.recovery_code.used", subject=user, by=user, now=now)
    return True


def _step(factor: SecondFactor, code: str, now: datetime) -> int | None:
    """This function will say of which half minute a code is: this one, the one before or the one after."""
    typed = "".join(code.split())
    for drift in (0, -1, 1):
        totp = TOTP(_secret(factor), step=STEP_SECONDS, digits=DIGITS, drift=drift)
        totp.time = now.timestamp()
        if hmac.compare_digest(f"{totp.token():0{DIGITS}}".encode(), typed.encode()):
            return int(totp.t())
    return None


def _new_codes(factor: SecondFactor) -> list[str]:
    plain = ["".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH)) for _code in range(CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, digest=_digest(one)) for one in plain])
    return ["-".join(one[i : i + GROUP] for i in range(0, CODE_LENGTH, GROUP)) for one in plain]


def _digest(code: str) -> str:
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    return privacy.blind_index(typed, "recovery_code")


def _secret(factor: SecondFactor) -> bytes:
    return bytes.fromhex(privacy.open_sealed(factor.secret_sealed, _context(factor.user)))


def _context(user: User) -> str:
    return f"crm.second_factor.secret:{user.pk}"


def _subject(user: User) -> str:
    return privacy.blind_index(str(user.pk), "second_factor")
