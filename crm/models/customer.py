"""Customers and the persons served at them. Phones and ID numbers are sealed; pages show the stored masks."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm import privacy
from crm.models.staff import Branch, User
from crm.name_parts import NumberEnd


class CustomerKind(models.TextChoices):
    """An organisation with a group policy, or a single person."""

    ORGANISATION = "organisation", _("单位")
    PERSON = "person", _("个人")


class CustomerStage(models.TextChoices):
    """How far the relation has come (rulebook part 3)."""

    TARGET = "target", _("目标客户")
    PROSPECT = "prospect", _("准客户")
    FORMAL = "formal", _("正式客户")


class CustomerStatus(models.TextChoices):
    """Whether promises may still be made."""

    ACTIVE = "active", _("在册")
    LAPSED = "lapsed", _("已终止")
    DECEASED = "deceased", _("已身故")
    # made by an import that was undone; the log stands on the row, so it stays, out of sight
    WITHDRAWN = "withdrawn", _("已撤销")


class Customer(models.Model):
    """One row is one customer of one branch: an organisation or a person. prospect → formal → lapsed."""

    number = models.CharField(_("客户号"), max_length=30, unique=True)
    kind = models.CharField(_("类型"), max_length=12, choices=CustomerKind.choices)
    stage = models.CharField(
        _("阶段"), max_length=10, choices=CustomerStage.choices, default=CustomerStage.FORMAL
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=CustomerStatus.choices, default=CustomerStatus.ACTIVE
    )
    name = models.CharField(_("名称"), max_length=80)
    name_initials = models.CharField(max_length=80, blank=True)
    registration_no = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="customers", verbose_name=_("机构"))
    owner = models.ForeignKey(User, models.PROTECT, related_name="customers", verbose_name=_("客户经理"))
    team = models.ManyToManyField(
        User, through="TeamSeat", related_name="team_customers", blank=True, verbose_name=_("服务团队")
    )
    extra_large = models.BooleanField(_("特大型客户"), default=False)
    extra_large_from = models.DateField(_("特大型起始日"), null=True, blank=True)
    # A display cache written by the rank floor and proved nightly; decisions ask tier_of() instead.
    tier_shown = models.CharField(max_length=12, blank=True)
    # set while this row is another name of the survivor; lists and searches leave it out
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_rows", verbose_name=_("已并入")
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        """Names the table for people; each index says which page asks it."""

        verbose_name = _("客户")
        constraints = [
            models.CheckConstraint(
                condition=Q(extra_large=False) | Q(extra_large_from__isnull=False),
                name="extra_large_customers_have_a_start",
            )
        ]
        indexes = [
            models.Index(fields=["branch", "name"], name="customer_list"),
            # the list of the whole house; with the initials, so that common ones are found in its order
            models.Index(
                fields=["name", "id", "name_initials"],
                condition=Q(merged_into__isnull=True) & ~Q(status="withdrawn"),
                name="customer_by_name",
            ),
            models.Index(fields=["owner", "name"], name="customer_my_list"),
            models.Index(fields=["name_initials"], name="customer_initials"),
            # the search box, four digits; parts of names stand in `crm/name_parts.py`
            models.Index(NumberEnd("number"), name="customer_number_end"),
        ]

    def __str__(self) -> str:
        return f"{self.shown_name}（{self.number}）"

    @property
    def shown_name(self) -> str:
        """This function will return the name as pages show it: organisations whole, persons masked (rulebook X-30)."""
        return privacy.mask_person(self.name) if self.kind == CustomerKind.PERSON else self.name


class SeatKind(models.TextChoices):
    """What somebody is in a customer's team beside the keeper (rulebook BR-2)."""

    DEPUTY = "deputy", _("客户副经理")
    LEADER = "leader", _("领导小组")
    MEMBER = "member", _("成员")


class TeamSeat(models.Model):
    """One row is one colleague in a customer's team with a duty, e.g. 秦岚 handles the endorsements as a member."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, models.PROTECT, related_name="seats", verbose_name=_("员工"))
    kind = models.CharField(_("身份"), max_length=8, choices=SeatKind.choices, default=SeatKind.MEMBER)
    duty = models.CharField(_("职责"), max_length=60, blank=True)

    class Meta:
        """Names the table for people; one deputy at most, nobody twice."""

        verbose_name = _("团队成员")
        constraints = [
            models.UniqueConstraint(fields=["customer", "user"], name="a_colleague_sits_once_in_a_team"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(kind="deputy"), name="a_customer_has_one_deputy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}:{self.user_id}"


class ContactRole(models.TextChoices):
    """First and second service objects of an organisation (rulebook PA-16), or the person customer in person."""

    FIRST = "first", _("第一服务对象")
    SECOND = "second", _("第二服务对象")
    SELF = "self", _("本人")


class BirthdayCalendar(models.TextChoices):
    """Which calendar the birthday is kept in."""

    SOLAR = "solar", _("公历")
    LUNAR = "lunar", _("农历")


class Contact(models.Model):
    """One row is one person served at a customer, e.g. the general manager. At most two of each role."""

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts")
    role = models.CharField(_("对象类别"), max_length=8, choices=ContactRole.choices)
    slot = models.PositiveSmallIntegerField(_("席位"), default=1)
    name = models.CharField(_("姓名"), max_length=40)
    name_initials = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    # Sealed with a key that is not in the database; the mask is what every page shows, the index finds equals.
    phone_sealed = models.TextField(blank=True)
    phone_masked = models.CharField(_("手机"), max_length=20, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    phone_tail_index = models.CharField(max_length=16, blank=True)
    email_sealed = models.TextField(blank=True)
    email_masked = models.CharField(_("邮箱"), max_length=80, blank=True)
    email_index = models.CharField(max_length=64, blank=True)
    id_no_sealed = models.TextField(blank=True)
    id_no_masked = models.CharField(_("证件号码"), max_length=20, blank=True)
    id_no_index = models.CharField(max_length=64, blank=True)
    birthday_calendar = models.CharField(
        _("生日历法"), max_length=5, choices=BirthdayCalendar.choices, default=BirthdayCalendar.SOLAR
    )
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(_("生日月"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("生日日"), null=True, blank=True)
    birth_leap_month = models.BooleanField(_("闰月"), default=False)
    public_official = models.BooleanField(_("公职人员"), default=False)
    consented_at = models.DateTimeField(_("同意接收关怀时间"), null=True, blank=True)
    consent_source = models.CharField(_("同意来源"), max_length=60, blank=True)
    opted_out_at = models.DateTimeField(_("退订时间"), null=True, blank=True)

    class Meta:
        """Names the table for people; the sentences that are always true of a person."""

        verbose_name = _("服务对象")
        constraints = [
            models.UniqueConstraint(fields=["customer", "role", "slot"], name="one_person_per_role_and_slot"),
            models.CheckConstraint(
                condition=Q(slot__in=(1, 2)), name="at_most_two_service_objects_of_a_role"
            ),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True, birth_day__isnull=True)
                | Q(birth_month__gte=1, birth_month__lte=12, birth_day__gte=1, birth_day__lte=31),
                name="birthday_has_month_and_day",
            ),
            models.CheckConstraint(
                condition=Q(birth_leap_month=False) | Q(birthday_calendar="lunar"),
                name="only_lunar_birthdays_have_leap_months",
            ),
        ]
        indexes = [
            models.Index(fields=["phone_index"], name="contact_by_phone"),
            models.Index(fields=["email_index"], name="contact_by_email"),
            models.Index(fields=["phone_tail_index"], name="contact_by_phone_tail"),
            models.Index(fields=["id_no_index"], name="contact_by_id_no"),
            models.Index(fields=["name_initials"], name="contact_by_initials"),
            models.Index(
                fields=["birthday_calendar", "birth_month", "birth_day"], name="contact_by_birthday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}:{self.role}:{self.slot}"

    @property
    def shown_name(self) -> str:
        """This function will return the person's name as pages show it, masked (rulebook X-30)."""
        return privacy.mask_person(self.name)
