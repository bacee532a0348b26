"""Branches and the people who work in them. Customers live elsewhere; rights live in `crm/rights.toml`."""

from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.subtree import Within, WithinOr

models.ForeignKey.register_lookup(Within)
models.ForeignKey.register_lookup(WithinOr)


class BranchKind(models.TextChoices):
    """The four storeys of an insurer's tree."""

    HEAD_OFFICE = "head_office", _("总公司")
    PROVINCE = "province", _("分公司")
    CITY = "city", _("中心支公司")
    OFFICE = "office", _("营业部")


class BranchQuerySet(models.QuerySet["Branch"]):
    """Questions asked of branches."""

    def under(self, branch: "Branch") -> "BranchQuerySet":
        """This function will keep the branch itself and everything below it."""
        return self.filter(path__startswith=branch.path)


class Branch(models.Model):
    """One row is one organisation, e.g. 天津分公司. `path` lists the ids from the root, so a subtree is a prefix."""

    name = models.CharField(_("名称"), max_length=60)
    code = models.CharField(_("机构代码"), max_length=20, unique=True)
    kind = models.CharField(_("层级"), max_length=12, choices=BranchKind.choices)
    grade = models.CharField(_("机构类别"), max_length=1, default="B", help_text=_("A 类或 B 类以下"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120, unique=True)

    objects = BranchQuerySet.as_manager()

    class Meta:
        """Names the table for people and keeps one root."""

        verbose_name = _("机构")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind=BranchKind.HEAD_OFFICE),
                name="there_is_one_head_office",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=False) | models.Q(kind=BranchKind.HEAD_OFFICE),
                name="only_head_office_has_no_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def indent(self) -> str:
        """This function will return the blanks before the name in a list that is a tree."""
        return "　" * (self.path.count("/") - 1)


class Role(models.TextChoices):
    """What a person does here; `crm/rights.toml` says what each may do."""

    ACCOUNT_MANAGER = "account_manager", _("客户经理")
    SERVICE_AGENT = "service_agent", _("客服")
    CLAIMS_HANDLER = "claims_handler", _("理赔")
    BRANCH_MANAGER = "branch_manager", _("机构管理者")
    HEAD_OFFICE = "head_office", _("总公司管理员")
    AUDITOR = "auditor", _("审计")


class UserManager(BaseUserManager["User"]):
    """Makes people; there is no default account."""

    def create_user(self, username: str, password: str, *, name: str, branch: Branch, role: str) -> "User":
        """This function will save a person who can log in."""
        user = self.model(username=username, name=name, branch=branch, role=role)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One row is one member of staff who logs in with the staff number. Nobody is deleted, only switched off."""

    username = models.CharField(_("工号"), max_length=30, unique=True)
    name = models.CharField(_("姓名"), max_length=30)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="staff", verbose_name=_("机构"))
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices)
    supervisor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="team", verbose_name=_("主管")
    )
    is_active = models.BooleanField(_("在用"), default=True)
    # single letters as shortcuts: who dictates or trembles switches them off (WCAG 2.1.4)
    keys_on = models.BooleanField(_("单键快捷键"), default=True)

    # The ids of those for whom the person acts today; the door by which the person came in fills it, because
    # doors alone read the clock. Who came by no door acts for nobody.
    acts_for: Collection[int] = frozenset()

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        """Names the table for people."""

        verbose_name = _("员工")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(supervisor__isnull=True) | ~models.Q(supervisor=models.F("id")),
                name="nobody_supervises_themselves",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    def get_full_name(self) -> str:
        """This function will return the name that pages show."""
        return self.name
