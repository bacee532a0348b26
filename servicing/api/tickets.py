"""Tickets: the list, opening one as the page does, and one with the receipts of its clocks."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from crm import access as gates
from crm.api.auth import caller
from crm.api.customers import REFUSALS
from crm.api.door import KEY, Door, once
from crm.api.paging import PARAMETERS, Order, page
from crm.api.problems import Stated, of_form, refusals
from crm.api.versions import tagged
from crm.models import Customer, User
from crm.models.api import ApiScope
from crm.time.closures import Calendars
from servicing import access
from servicing.api import shapes
from servicing.api.promises import receipt_body
from servicing.forms.filters import TicketFilter
from servicing.forms.intake import Intake
from servicing.models import Ticket
from servicing.models.ticket import TicketKind, TicketState
from servicing.selectors import terms as selector
from servicing.selectors import tickets as read
from servicing.selectors.receipts import arithmetic_of_both
from servicing.services import tickets

ASKED = frozenset(shapes.NewTicketShape().fields)
EXAMPLE = OpenApiExample(
    "保全变更",
    {
        "customer": "K0001024",
        "kind": "change",
        "change_type": "beneficiary",
        "channel": "web",
        "received_at": "2026-02-12T10:00:00+08:00",
        "subject": "变更受益人",
        "papers_complete": True,
    },
    request_only=True,
)


class Tickets(Door):
    """The list and the intake."""

    asks = {
        "GET": ("ticket_view", ApiScope.READ),
        "POST": ("ticket_open", ApiScope.WRITE_TICKETS),
    }
    takes = (
        OpenApiParameter("q", str, description="工单号、主题、客户名称"),
        OpenApiParameter("kind", str, enum=TicketKind.values, description="类别"),
        OpenApiParameter(
            "state", str, enum=["open", "all", *TicketState.values], description="状态，默认 open 未办结"
        ),
        OpenApiParameter("scope", str, enum=["mine"], description="mine 只看自己经办的"),
        *PARAMETERS,
    )

    @extend_schema(
        operation_id="ticket_list",
        summary="工单列表",
        tags=["工单"],
        parameters=[*takes],
        responses={200: shapes.TicketPage, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """新受理的在前。"""
        form = TicketFilter(request.query_params)
        if form.errors:
            raise of_form(400, form)
        found = read.listing(caller(request), form.wanted())
        found = found.select_related("customer", "owner", "promise", "ceiling")
        rows, after = page(request, found, Order("received_at", descending=True))
        return tagged(request, {"rows": shapes.TicketShape(rows, many=True).data, "next": after})

    @extend_schema(
        operation_id="ticket_open",
        summary="登记工单",
        tags=["工单"],
        parameters=[KEY],
        request=shapes.NewTicketShape,
        examples=[EXAMPLE],
        responses={
            201: shapes.TicketReceiptShape,
            **REFUSALS,
            **refusals(409, 413, 415),
        },
    )
    @once
    def post(self, request: Request) -> Response:
        """与“来电登记”同一服务：层级、时限、暂停规则都一样；回答带时效凭证。"""
        user, now, terms = caller(request), read_clock(), selector.in_force()
        customer, form = _form(user, request.data)
        if not form.is_valid():
            raise of_form(422, form)
        asked = {name: value for name, value in form.cleaned_data.items() if name != "caller"}
        row = tickets.open_ticket(customer=customer, by=user, now=now, terms=terms, **asked)
        where = reverse("servicing-api:ticket", args=[row.number])
        return Response(
            _told(row, now, terms.calendars, just_opened=row.state == TicketState.RECEIVED),
            status=status.HTTP_201_CREATED,
            headers={"Location": where, "ETag": f'"{row.version}"'},
        )


class OneTicket(Door):
    """One ticket with its receipts."""

    asks = {"GET": ("ticket_view", ApiScope.READ)}

    @extend_schema(
        operation_id="ticket_read",
        summary="读取工单与时效凭证",
        tags=["工单"],
        responses={200: shapes.TicketReceiptShape, **REFUSALS},
    )
    def get(self, request: Request, number: str) -> Response:
        """工单、公司承诺与法定上限的时效凭证。"""
        if "\x00" in number:
            raise Http404
        row = access.ticket(caller(request), number)
        return tagged(request, _told(row, read_clock(), selector.in_force().calendars))


def _told(row: Ticket, now: datetime, current: Calendars, *, just_opened: bool = False) -> dict[str, Any]:
    clocks = arithmetic_of_both(row.promise, row.ceiling, as_of=now, current=current, just_opened=just_opened)
    return {
        "ticket": shapes.A_TICKET.to_representation(row),
        "receipts": [receipt_body(one) for one in clocks],
    }


def _form(user: User, data: Any) -> tuple[Customer, Intake]:
    """This function will lay a request into the page's own form; what the form does not know is refused."""
    if not isinstance(data, dict):
        raise Stated(400, _("请求内容应是一个 JSON 对象。"))
    if strange := sorted(set(data) - ASKED):
        words = _("没有这个字段")
        raise Stated(422, _("有字段不认识，请去掉后重试。"), fields={name: [words] for name in strange})
    wrong = {k: [_("应为文字")] for k, v in data.items() if k != "papers_complete" and not isinstance(v, str)}
    if not isinstance(data.get("papers_complete", True), bool):
        wrong["papers_complete"] = [_("应为 true 或 false")]
    if wrong:
        raise Stated(422, _("有字段不能接受，请按提示修改。"), fields=wrong)
    customer = _customer(user, data.get("customer", ""))
    policy = _policy(customer, data.get("policy", ""))
    asked = {**data, "policy": policy, "papers_complete": "on" if data.get("papers_complete", True) else ""}
    return customer, Intake(asked, customer=customer)


def _customer(user: User, number: str) -> Customer:
    found = gates.visible_customers(user).select_related("branch", "owner")
    row = found.filter(number=number).first() if "\x00" not in number else None
    if row is None:
        words = _("没有这个客户号，或不在您的机构范围内")
        raise Stated(422, _("没有找到客户，请核对客户号。"), fields={"customer": [words]})
    return row


def _policy(customer: Customer, number: str) -> int | str:
    if not number:
        return ""
    row = customer.policies.filter(number=number).first() if "\x00" not in number else None
    if row is None:
        words = _("这位客户没有这张保单")
        raise Stated(422, _("没有找到保单，请核对保单号。"), fields={"policy": [words]})
    return row.pk
