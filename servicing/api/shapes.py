"""What promises, tickets and receipts look like to a machine; names of persons masked."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from crm.time import local
from servicing.models import Commitment, Ticket
from servicing.models.ticket import ChangeType, TicketChannel, TicketKind


class PromiseShape(serializers.ModelSerializer[Commitment]):
    """A promise."""

    customer = serializers.CharField(source="customer.number", help_text="客户号")
    customer_name = serializers.CharField(source="customer.shown_name", help_text="个人只显示姓")
    owner = serializers.CharField(source="owner.username", help_text="责任人工号")
    standard = serializers.CharField(source="standard.code", help_text="服务标准编号")
    authority = serializers.CharField(
        source="standard.authority", help_text="company 公司承诺，statutory 法定上限"
    )

    class Meta:
        """The fields, in order."""

        model = Commitment
        fields = (
            "id", "customer", "customer_name", "kind", "standard", "authority", "owner", "state",
            "triggered_at", "starts_at", "due_at", "breached_at", "fulfilled_at", "provisional", "version",
        )  # fmt: skip


class TicketShape(serializers.ModelSerializer[Ticket]):
    """A ticket, with the ids of its promises."""

    customer = serializers.CharField(source="customer.number", help_text="客户号")
    customer_name = serializers.CharField(source="customer.shown_name", help_text="个人只显示姓")
    owner = serializers.CharField(source="owner.username", help_text="经办人工号")
    promise = serializers.IntegerField(source="promise_id", allow_null=True, help_text="公司承诺")
    ceiling = serializers.IntegerField(source="ceiling_id", allow_null=True, help_text="法定上限")
    due_at = serializers.SerializerMethodField(help_text="两者中较早的到期时刻；暂停时为空")

    class Meta:
        """The fields, in order."""

        model = Ticket
        fields = (
            "id", "number", "customer", "customer_name", "kind", "change_type", "channel", "subject", "tier",
            "state", "received_at", "papers_complete_at", "closed_at", "owner", "promise", "ceiling", "due_at",
            "version",
        )  # fmt: skip

    def get_due_at(self, row: Ticket) -> datetime | None:
        """This function will name the nearer clock's due time."""
        moments = [one.due_at for one in (row.promise, row.ceiling) if one is not None and one.due_at]
        return local(min(moments)) if moments else None


class NewTicketShape(serializers.Serializer[Any]):
    """A request that was taken in."""

    customer = serializers.CharField(max_length=30, help_text="客户号")
    kind = serializers.ChoiceField(choices=TicketKind.choices)
    change_type = serializers.ChoiceField(
        choices=ChangeType.choices, required=False, help_text="保全变更必填"
    )
    channel = serializers.ChoiceField(choices=TicketChannel.choices)
    received_at = serializers.DateTimeField(help_text="受理时刻，时限从它起算；不写时区按北京时间")
    subject = serializers.CharField(max_length=80)
    body = serializers.CharField(required=False, max_length=4000)
    policy = serializers.CharField(required=False, max_length=40, help_text="保单号，须属于这位客户")
    papers_complete = serializers.BooleanField(required=False, default=True)


class StepShape(serializers.Serializer[Any]):
    """One day of the arithmetic."""

    date = serializers.DateField()
    counted = serializers.BooleanField()
    why = serializers.CharField()
    ordinal = serializers.IntegerField(allow_null=True)


class ReceiptShape(serializers.Serializer[Any]):
    """Why a promise is due when it is."""

    promise = PromiseShape()
    agrees = serializers.BooleanField(help_text="按保存的输入重算，与登记的到期时刻一致")
    calendar_version = serializers.IntegerField()
    tier = serializers.CharField(allow_blank=True, help_text="起算时层级")
    ceiling_date = serializers.DateField(allow_null=True, help_text="法定最迟日")
    steps = StepShape(many=True)


class TicketReceiptShape(serializers.Serializer[Any]):
    """A ticket with the receipts of its clocks."""

    ticket = TicketShape()
    receipts = ReceiptShape(many=True)


class PromisePage(serializers.Serializer[Any]):
    """A page of promises."""

    rows = PromiseShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="下一页的 cursor；空为最后一页")


class TicketPage(serializers.Serializer[Any]):
    """A page of tickets."""

    rows = TicketShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="下一页的 cursor；空为最后一页")


# made once: a shape works its fields out at its first row, which costs more than a row
A_TICKET, A_RECEIPT = TicketShape(), ReceiptShape()
