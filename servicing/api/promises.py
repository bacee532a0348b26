"""Promises by due time, and the receipt of one."""

from datetime import datetime
from typing import Any

from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm import iso
from crm.api.auth import caller
from crm.api.customers import REFUSALS
from crm.api.door import Door
from crm.api.paging import PARAMETERS, Order, page
from crm.api.problems import Stated
from crm.api.versions import tagged
from crm.models.api import ApiScope
from servicing import access
from servicing.api import shapes
from servicing.models.commitment import State
from servicing.selectors.commitments import listed
from servicing.selectors.receipts import Arithmetic, arithmetic_of


class Promises(Door):
    """The list by due time."""

    asks = {"GET": ("workbench", ApiScope.READ)}
    takes = (
        OpenApiParameter(
            "state", str, enum=State.values, description="状态，默认 open；暂停中的没有到期时刻"
        ),
        OpenApiParameter("due_from", str, description="到期不早于：2026-02-12 或 2026-02-12T10:00:00+08:00"),
        OpenApiParameter("due_before", str, description="到期早于"),
        OpenApiParameter("scope", str, enum=["mine"], description="mine 只看自己负责的"),
        *PARAMETERS,
    )

    @extend_schema(
        operation_id="promise_list",
        summary="承诺列表",
        tags=["承诺"],
        parameters=[*takes],
        responses={200: shapes.PromisePage, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """按到期时刻排序，先到期的在前。"""
        user, asked = caller(request), request.query_params
        state = _one_of(asked.get("state", "") or State.OPEN, "state", State.values)
        scope = _one_of(asked.get("scope", ""), "scope", ["", "mine"])
        found = access.own_commitments(user) if scope else access.visible_commitments(user)
        found = listed(found.filter(state=state))
        if moment := _moment(asked.get("due_from", ""), "due_from"):
            found = found.filter(due_at__gte=moment)
        if moment := _moment(asked.get("due_before", ""), "due_before"):
            found = found.filter(due_at__lt=moment)
        # a paused promise has no due time to be ordered by
        order = Order("opened_at" if state == State.PAUSED else "due_at")
        rows, after = page(request, found, order)
        return tagged(request, {"rows": shapes.PromiseShape(rows, many=True).data, "next": after})


class OneReceipt(Door):
    """The receipt of one promise (时效凭证)."""

    asks = {"GET": ("workbench", ApiScope.READ)}

    @extend_schema(
        operation_id="promise_receipt",
        summary="时效凭证",
        tags=["承诺"],
        responses={200: shapes.ReceiptShape, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        """到期时刻的逐日算法，由登记时保存的输入重算。"""
        row = access.commitment(caller(request), pk)
        return tagged(request, receipt_body(arithmetic_of(row, as_of=read_clock())))


def receipt_body(receipt: Arithmetic) -> dict[str, Any]:
    """This function will write a promise's receipt as it is answered."""
    row, steps = receipt.commitment, receipt.due.steps if receipt.due else ()
    told: dict[str, Any] = {
        "promise": row,
        "agrees": receipt.agrees,
        "calendar_version": row.calendar_version,
        "tier": row.tier,
        "ceiling_date": receipt.ceiling_date,
        "steps": [
            {"date": one.date, "counted": one.counts, "why": one.why, "ordinal": one.ordinal} for one in steps
        ],
    }
    return dict(shapes.A_RECEIPT.to_representation(told))


def _one_of(value: str, name: str, known: list[str]) -> str:
    if value not in known:
        words = _("只能填：%(known)s") % {"known": "、".join(one for one in known if one)}
        raise Stated(400, _("筛选条件的值不认识，请核对。"), fields={name: [words]})
    return value


def _moment(text: str, name: str) -> datetime | None:
    if not text:
        return None
    try:
        # a plus sign that was not escaped arrives as a space
        return iso.moment(text.replace(" ", "+"))
    except (iso.MomentIsUnreadable, OverflowError):
        words = _("请写成 2026-02-12 或 2026-02-12T10:00:00+08:00")
        raise Stated(400, _("筛选条件的值不认识，请核对。"), fields={name: [words]}) from None
