"""Tries of passwords and codes, logins that are open, and second factors. No password, key or code stands here in clear."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.staff import Branch, Role, User


class Outcome(models.TextChoices):
    """What became of a try; one that nobody settled counts as failed."""

    OPEN = "open", _("未定")
    FAILED = "failed", _("失败")
    WON = "won", _("成功")
    REFUSED = "refused", _("拒绝")


class LoginTry(models.Model):
    """One row is one try of a password or a code, written before it is checked; kept for a day.

    `subject` is a digest of whose it was, `place` the address it came from (a /64 for IPv6).
    """

    subject = models.CharField(max_length=64)
    place = models.CharField(max_length=45)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)

    class Meta:
        """Names the table for people; every try asks by subject and by place."""

        verbose_name = _("登录尝试")
        indexes = [
            models.Index(fields=["subject", "at"], name="tries_of_a_subject"),
            models.Index(fields=["place", "at"], name="tries_of_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.outcome}"


class Ending(models.TextChoices):
    """Why a login ended."""

    LOGOUT = "logout", _("退出登录")
    IDLE = "idle", _("太久没有操作")
    OVER = "over", _("超过最长时间")
    ENDED = "ended", _("本人结束")
    PASSWORD = "password", _("修改密码")
    FACTOR = "factor", _("二次验证变更")
    MOVED = "moved", _("岗位或机构变更")
    ADMIN = "admin", _("管理员结束")
    DISABLED = "disabled", _("账号停用")


class LoginSession(models.Model):
    """One row is one login of one person on one device, e.g. Chrome on Windows since 08:55, until it ends.

    It names the session by a digest of its key, so that the row opens nothing. Role and branch are those of the
    moment of login: who got others must log in again. Limits are those of the settings at that moment.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="logins")
    key_digest = models.CharField(max_length=64, unique=True)
    device = models.CharField(_("设备"), max_length=60)
    address = models.CharField(_("地址"), max_length=45, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    second = models.BooleanField(_("二次验证"), default=False)
    begun_at = models.DateTimeField(_("登录时间"))
    last_seen_at = models.DateTimeField(_("最近操作"))
    idle_minutes = models.PositiveSmallIntegerField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=8, choices=Ending.choices, blank=True)

    class Meta:
        """Names the table for people; the list of one's devices asks by person."""

        verbose_name = _("登录会话")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_why="")
                | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                name="a_login_ends_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begun_at")), name="a_login_lasts"),
        ]
        indexes = [models.Index(fields=["user", "-begun_at"], name="logins_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"


class SecondFactor(models.Model):
    """One row is one person's authenticator app; it counts once a code has confirmed it.

    `last_step` is the newest half minute whose code was taken; no code of it or before it is taken again.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="second_factor")
    secret_sealed = models.TextField()
    begun_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        """Names the table for people."""

        verbose_name = _("二次验证")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(last_step__gt=0),
                name="a_second_factor_is_confirmed_by_a_code",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """One row is one recovery code, as a keyed digest; it opens the door once."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Names the table for people."""

        verbose_name = _("恢复码")
        constraints = [
            models.UniqueConstraint(fields=["factor", "digest"], name="a_recovery_code_stands_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)
