"""Tickets: what a customer asked for, what was said and done. Their clocks are promises (`Commitment`)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Branch, Contact, Customer, Policy, User
from servicing.models.commitment import Commitment, Pause


class TicketKind(models.TextChoices):
    """What is asked; `choose_clock` gives each its promise."""

    ISSUE = "issue", _("出单")
    CHANGE = "change", _("保全变更")
    ENQUIRY = "enquiry", _("咨询查询")
    COMPLAINT = "complaint", _("投诉")
    MONEY_IN = "money_in", _("到账对账")
    MONEY_OUT = "money_out", _("付款")
    REQUEST = "request", _("一般请求")


class ChangeType(models.TextChoices):
    """What is changed on a policy; the first group is simple (rulebook PA-17.2)."""

    CONTACT_NAME = "contact_name", _("联系人姓名")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮箱")
    ADDRESS = "address", _("地址")
    POSTCODE = "postcode", _("邮编")
    HANDLER = "handler", _("经办人")
    REMARK = "remark", _("非财务备注")
    NAME_TYPO = "name_typo", _("被保险人姓名错别字")
    MEMBERS = "members", _("增减被保险人")
    SUM_INSURED = "sum_insured", _("保额")
    BENEFICIARY = "beneficiary", _("受益人")
    BANK_ACCOUNT = "bank_account", _("银行账号")
    PREMIUM = "premium", _("保费")
    OCCUPATION = "occupation", _("职业类别")
    ID_NUMBER = "id_number", _("证件号码")
    POLICYHOLDER = "policyholder", _("投保人")


class TicketChannel(models.TextChoices):
    """How it reached us."""

    PHONE = "phone", _("电话")
    COUNTER = "counter", _("柜面")
    WECHAT = "wechat", _("微信")
    WEB = "web", _("网站")
    EMAIL = "email", _("邮件")
    LETTER = "letter", _("信函")


class TicketState(models.TextChoices):
    """received → waiting ⇄ received → closed | withdrawn; closed can be reopened by a new ticket only."""

    RECEIVED = "received", _("处理中")
    WAITING = "waiting", _("等待客户")
    CLOSED = "closed", _("已办结")
    WITHDRAWN = "withdrawn", _("已撤回")


UNFINISHED = Q(state__in=("received", "waiting"))


class Ticket(models.Model):
    """One row is one request of one customer, e.g. change the beneficiary of a policy.

    It owns up to two promises: the company's and the law's ceiling. A ticket without a clock says so.
    """

    number = models.CharField(_("工单号"), max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=TicketKind.choices)
    change_type = models.CharField(_("变更内容"), max_length=14, choices=ChangeType.choices, blank=True)
    channel = models.CharField(_("渠道"), max_length=8, choices=TicketChannel.choices)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="tickets")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="tickets")
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="tickets")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="tickets")
    owner = models.ForeignKey(User, models.PROTECT, related_name="tickets", verbose_name=_("经办人"))
    subject = models.CharField(_("标题"), max_length=80)
    body = models.TextField(_("内容"), blank=True)
    caller_masked = models.CharField(_("来电"), max_length=20, blank=True)
    caller_index = models.CharField(max_length=64, blank=True)
    vip_marked = models.BooleanField(_("VIP 标识"), default=False)
    tier = models.CharField(_("受理时层级"), max_length=12)
    received_at = models.DateTimeField(_("受理时刻"))
    papers_complete_at = models.DateTimeField(_("资料齐备时刻"), null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=TicketState.choices, default=TicketState.RECEIVED
    )
    promise = models.OneToOneField(Commitment, models.PROTECT, null=True, blank=True, related_name="ticket")
    ceiling = models.OneToOneField(
        Commitment, models.PROTECT, null=True, blank=True, related_name="ticket_ceiling"
    )
    # kept by triggers (`servicing/leading.py`) for the lists: the promise that colours it, and when that is due
    lead = models.ForeignKey(
        Commitment,
        models.DO_NOTHING,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    next_due_at = models.DateTimeField(_("最近到期"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("办结时刻"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Names the table for people."""

        verbose_name = _("工单")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("closed", "withdrawn"), closed_at__isnull=False)
                | (~Q(state__in=("closed", "withdrawn")) & Q(closed_at__isnull=True)),
                name="a_closed_ticket_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(kind="change") & ~Q(change_type="")) | (~Q(kind="change") & Q(change_type="")),
                name="a_change_says_what_changes",
            ),
        ]
        indexes = [
            # the list asks by branch and by owner, newest first
            models.Index(fields=["branch", "-received_at"], name="ticket_branch"),
            models.Index(fields=["owner", "-received_at"], name="ticket_owner"),
            # the list opens with the unfinished ones, a few among many: of a branch, of a person, of the whole house
            models.Index(fields=["branch"], condition=UNFINISHED, name="ticket_unfinished"),
            models.Index(fields=["owner"], condition=UNFINISHED, name="ticket_unfinished_owner"),
            models.Index(
                fields=["next_due_at", "received_at", "id"], condition=UNFINISHED, name="ticket_next_due"
            ),
            # all of the whole house, newest first
            models.Index(fields=["-received_at", "-id"], name="ticket_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class EntryKind(models.TextChoices):
    """What can stand in a ticket's thread."""

    REPLY = "reply", _("答复客户")
    NOTE = "note", _("内部备注")
    ACT = "act", _("处理记录")


class TicketEntry(models.Model):
    """One row is one line of a ticket's thread: an answer to the customer, a note, or an act. Only added."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="entries")
    kind = models.CharField(_("类别"), max_length=6, choices=EntryKind.choices)
    body = models.TextField(_("内容"))
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        """Names the table for people."""

        verbose_name = _("工单记录")
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="an_entry_says_something")]
        indexes = [models.Index(fields=["ticket", "at"], name="ticket_thread")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind}"


class MissingPaper(models.Model):
    """One row is one paper that the customer was told, once and completely, is missing."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="missing_papers")
    pause = models.ForeignKey(Pause, models.PROTECT, null=True, blank=True, related_name="missing_papers")
    name = models.CharField(_("材料"), max_length=60)
    asked_at = models.DateTimeField(_("告知时刻"))
    received_at = models.DateTimeField(_("收到时刻"), null=True, blank=True)

    class Meta:
        """Names the table for people."""

        verbose_name = _("缺件")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="a_missing_paper_has_a_name")]

    def __str__(self) -> str:
        return self.name
