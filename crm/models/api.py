"""What the API door keeps: tokens of people, calls that count once, and the keys of source systems."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.customer import Contact, Customer
from crm.models.policy import Policy
from crm.models.premium import Premium
from crm.models.staff import User


class ApiScope(models.TextChoices):
    """What a token may be used for; the person's own rights and branches come on top."""

    READ = "read", _("读取")
    WRITE_TICKETS = "write_tickets", _("登记工单")
    WRITE_CORE = "write_core", _("写入客户与保单")


class ApiToken(models.Model):
    """One row is one token with which a machine acts as one person. Its text is shown once and not kept."""

    person = models.ForeignKey(User, models.PROTECT, related_name="api_tokens", verbose_name=_("使用人"))
    name = models.CharField(_("名称"), max_length=40)
    key = models.CharField(_("令牌号"), max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(_("范围"), default=list)
    addresses = models.JSONField(_("允许的地址"), default=list)
    created_at = models.DateTimeField(_("签发时间"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("签发人"))
    expires_at = models.DateTimeField(_("到期时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    last_used_from = models.CharField(_("最近来自"), max_length=45, blank=True)
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Names the table for people; a token ends after it began, and who revoked it is known."""

        verbose_name = _("接口令牌")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="a_token_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_token_says_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["person", "-created_at"], name="api_tokens_of_a_person")]

    def __str__(self) -> str:
        return f"{self.name}（{self.key}）"

    @property
    def scope_words(self) -> list[str]:
        """This function will name the scopes as pages show them."""
        return [str(ApiScope(scope).label) for scope in self.scopes if scope in ApiScope.values]


class ApiCall(models.Model):
    """One row is one unsafe call under one Idempotency-Key: running, or done with the answer that is replayed."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="calls")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    # While it runs nobody else may; after this moment its process is taken for dead and the call may be repeated.
    leased_until = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        """Names the table for people; the unique row decides between two calls at once."""

        verbose_name = _("接口调用")
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="a_call_counts_once_per_key"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, status__isnull=True)
                | Q(done_at__isnull=False, status__isnull=False),
                name="a_call_that_is_done_has_an_answer",
            ),
        ]
        # the daily clearing asks for old ones
        indexes = [models.Index(fields=["started_at"], name="api_call_by_age")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.started_at:%F %T}"


class SourceNoun(models.TextChoices):
    """Which of our rows a source system's key can name."""

    CUSTOMER = "customer", _("客户")
    CONTACT = "contact", _("服务对象")
    POLICY = "policy", _("保单")
    PREMIUM = "premium", _("实收保费")


class SourceKey(models.Model):
    """One row says what one system calls one of our rows: (core, 10086) is this customer."""

    noun = models.CharField(_("种类"), max_length=10, choices=SourceNoun.choices)
    source = models.CharField(_("来源系统"), max_length=20)
    external_id = models.CharField(_("来源键"), max_length=60)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="source_keys")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="source_keys")
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="source_keys")
    premium = models.ForeignKey(Premium, models.PROTECT, null=True, blank=True, related_name="source_keys")
    created_at = models.DateTimeField()

    class Meta:
        """Names the table for people; a key means one row, a row has one key per system."""

        verbose_name = _("来源键")
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "source", "external_id"], name="a_source_key_means_one_row"
            ),
            models.CheckConstraint(
                condition=Q(noun="customer", customer__isnull=False, contact=None, policy=None, premium=None)
                | Q(noun="contact", customer=None, contact__isnull=False, policy=None, premium=None)
                | Q(noun="policy", customer=None, contact=None, policy__isnull=False, premium=None)
                | Q(noun="premium", customer=None, contact=None, policy=None, premium__isnull=False),
                name="a_source_key_names_a_row_of_its_kind",
            ),
            models.UniqueConstraint(fields=["source", "customer"], name="a_customer_has_one_key_per_source"),
            models.UniqueConstraint(fields=["source", "contact"], name="a_contact_has_one_key_per_source"),
            models.UniqueConstraint(fields=["source", "policy"], name="a_policy_has_one_key_per_source"),
            models.UniqueConstraint(fields=["source", "premium"], name="a_premium_has_one_key_per_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
