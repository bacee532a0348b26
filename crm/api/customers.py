"""Customers and their policies, read masked and changed under the version that was seen."""

from typing import Any

from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from crm import access
from crm.api import shapes
from crm.api.auth import caller
from crm.api.door import OPTIONAL_KEY, Door, once
from crm.api.paging import PARAMETERS, Order, page
from crm.api.problems import Stated, of_form, refusals
from crm.api.versions import IF_MATCH, seen_version, tagged
from crm.forms.customers import CustomerEdit, CustomerFilter
from crm.models import Customer, User
from crm.models.api import ApiScope
from crm.models.policy import PolicyStatus
from crm.selectors import customers as read
from crm.selectors import staff
from crm.services import customers

REFUSALS = refusals(400, 401, 403, 404, 406, 422, 429)
FILTERS = [
    OpenApiParameter(
        "q", str, description="名称、拼音首字母、客户号或保单号的开头；完整手机号、证件号不能放在网址里"
    ),
    OpenApiParameter("branch", str, description="机构代码（含下级）"),
    OpenApiParameter("tier", str, description="层级：ordinary、silver、gold"),
    OpenApiParameter("kind", str, description="organisation 或 person"),
    OpenApiParameter("owner", str, description="客户经理工号"),
]


class Customers(Door):
    """The list."""

    asks = {"GET": ("customer_view", ApiScope.READ)}
    takes = (*FILTERS, *PARAMETERS)

    @extend_schema(
        operation_id="customer_list",
        summary="客户列表",
        tags=["客户"],
        parameters=[*takes],
        responses={200: shapes.CustomerPage, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """按名称排序，只含您机构及下级机构的客户，个人信息脱敏。"""
        user = caller(request)
        wanted = _filter(user, request).wanted()
        if read.is_personal(wanted.text):
            raise Stated(400, _("完整手机号、证件号不能放在网址里，请改用客户号、名称或保单号查找。"))
        rows, after = page(request, read.listing(access.visible_customers(user), wanted), Order("name"))
        return tagged(request, {"rows": shapes.CustomerShape(rows, many=True).data, "next": after})


class OneCustomer(Door):
    """One customer by our id."""

    asks = {"GET": ("customer_view", ApiScope.READ), "PATCH": ("customer_edit", ApiScope.WRITE_CORE)}

    @extend_schema(
        operation_id="customer_read",
        summary="读取客户",
        tags=["客户"],
        responses={200: shapes.CustomerDetailShape, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        """客户及其服务对象，个人信息脱敏。ETag 用于随后的修改。"""
        return _answer(request, access.customer(caller(request), pk))

    @extend_schema(
        operation_id="customer_change",
        summary="修改客户",
        tags=["客户"],
        parameters=[IF_MATCH, OPTIONAL_KEY],
        request=shapes.CustomerChangeShape,
        responses={
            200: shapes.CustomerDetailShape,
            **REFUSALS,
            **refusals(409, 412, 413, 415, 428),
        },
    )
    @once
    def patch(self, request: Request, pk: int) -> Response:
        """只改写出的字段。If-Match 必填，写读取时得到的 ETag。"""
        user = caller(request)
        row = access.customer_to_edit(user, pk)
        version = seen_version(request, row.version)
        form = _edit_form(user, row, _object(request.data))
        if not form.is_valid():
            raise of_form(422, form)
        try:
            fresh = customers.change_customer(
                customer=row, version=version, by=user, now=read_clock(), **form.changes()
            )
        except customers.CustomerChangedMeanwhile as refusal:
            raise Stated(status.HTTP_412_PRECONDITION_FAILED, refusal.message) from None
        return _answer(request, fresh)


class Policies(Door):
    """The policies one may see."""

    asks = {"GET": ("customer_view", ApiScope.READ)}
    takes = (
        OpenApiParameter("customer", str, description="客户号"),
        OpenApiParameter("status", str, enum=PolicyStatus.values, description="状态"),
        *PARAMETERS,
    )

    @extend_schema(
        operation_id="policy_list",
        summary="保单列表",
        tags=["保单"],
        parameters=[*takes],
        responses={200: shapes.PolicyPage, **REFUSALS},
    )
    def get(self, request: Request) -> Response:
        """按保单号排序。"""
        found = access.visible_policies(caller(request)).select_related("customer")
        if number := request.query_params.get("customer", ""):
            found = found.filter(customer__number=_plain("customer", number))
        if wanted := request.query_params.get("status", ""):
            if wanted not in PolicyStatus.values:
                raise _unknown("status")
            found = found.filter(status=wanted)
        rows, after = page(request, found, Order("number"))
        return tagged(request, {"rows": shapes.PolicyShape(rows, many=True).data, "next": after})


class OnePolicy(Door):
    """One policy by our id."""

    asks = {"GET": ("customer_view", ApiScope.READ)}

    @extend_schema(
        operation_id="policy_read",
        summary="读取保单",
        tags=["保单"],
        responses={200: shapes.PolicyShape, **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        """一张保单。"""
        return tagged(request, shapes.PolicyShape(access.policy_by_id(caller(request), pk)).data)


def _answer(request: Request, row: Customer) -> Response:
    return tagged(request, shapes.CustomerDetailShape(row).data, row.version)


def _filter(user: User, request: Request) -> CustomerFilter:
    """This function will read the list's own filter, branch and owner by their codes; what is unknown is refused."""
    asked = {name: request.query_params.get(name, "") for name in ("q", "tier", "kind")}
    branches = access.branches(user)
    branch = owner = None
    if code := _plain("branch", request.query_params.get("branch", "")):
        branch = branches.filter(code=code).first()
        if branch is None:
            raise _unknown("branch")
    keepers = staff.keepers(access.visible_staff(user), branch)
    if number := _plain("owner", request.query_params.get("owner", "")):
        owner = keepers.filter(username=number).first()
        if owner is None:
            raise _unknown("owner")
    data = {**asked, "branch": branch.pk if branch else "", "owner": owner.pk if owner else ""}
    form = CustomerFilter(data, branches=branches, staff=keepers)
    if not form.is_valid():
        raise of_form(400, form)
    return form


def _edit_form(user: User, row: Customer, asked: dict[str, Any]) -> CustomerEdit:
    """This function will lay what is asked over the customer as it is, for the page's own form to judge."""
    people = staff.keepers(access.visible_staff(user), row.branch)
    form = CustomerEdit(customer=row, staff=people)
    allowed = set(form.fields) - {"version"}
    if strange := sorted(set(asked) - allowed):
        words = _("不能修改这一项")
        raise Stated(422, _("有字段不能修改，请去掉后重试。"), fields={name: [words] for name in strange})
    values = {name: form.initial.get(name) for name in form.fields}
    if "owner" in asked:
        owner = people.filter(username=_plain("owner", asked["owner"])).first()
        asked = {**asked, "owner": owner.pk if owner else 0}
    return CustomerEdit({**values, **asked, "version": row.version}, customer=row, staff=people)


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise Stated(400, _("请求内容应是一个 JSON 对象。"))
    return data


def _plain(name: str, value: Any) -> str:
    """This function will return a text that a database can compare; a NUL is in no number of ours."""
    if not isinstance(value, str) or "\x00" in value:
        raise _unknown(name)
    return value


def _unknown(name: str) -> Stated:
    return Stated(
        400, _("筛选条件的值不认识，请核对。"), fields={name: [_("没有这个值，或不在您的机构范围内")]}
    )
