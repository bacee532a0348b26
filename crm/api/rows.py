"""Rows of a source system: one by its own key, or up to 500 at once, taken in by the import itself."""

from typing import Any

from django.http import Http404
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.auth import caller
from crm.api.customers import REFUSALS
from crm.api.door import KEY, OPTIONAL_KEY, Door, once
from crm.api.problems import Stated, refusals
from crm.api.row_shapes import (
    LONGEST_ID,
    LONGEST_SOURCE,
    MOST_ROWS,
    OUTCOMES,
    RENAMED,
    SENT_AS,
    BatchShape,
    TakenShape,
    batch_schema,
    row_schema,
    sheet_of,
)
from crm.book.lines import Outcome
from crm.models.api import ApiScope
from crm.services import source_keys
from crm.services.book.sending_in import NOUNS, Taken, take_in
from crm.services.book.sent_fields import Record

ASKS = ("import_book", ApiScope.WRITE_CORE)
WRITE_REFUSALS = {**REFUSALS, **refusals(409, 413, 415)}
ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
BATCH_FIELDS = frozenset(("source", "noun", "rows"))
# what these fields hold is not repeated in a sentence: answers are kept for a day
PERSONAL = frozenset(("name", "phone", "id_no", "birthday"))
PLACE = [
    OpenApiParameter(
        "source", str, OpenApiParameter.PATH, description="来源系统，1 到 20 个小写字母、数字、- 或 _"
    ),
    OpenApiParameter("external_id", str, OpenApiParameter.PATH, description="来源系统自己的键，1 到 60 个字"),
]
ONE = {200: TakenShape, 201: TakenShape, **WRITE_REFUSALS}
HOW = (
    "没有就新增，有就更新，同样内容再送一次是 unchanged。没写或为空字符串的字段不变，null 清空（允许时）。"
    "来源系统对自己的键负责，不要求 If-Match。"
)
EXAMPLE = OpenApiExample(
    "两位客户",
    {
        "source": "core",
        "noun": "customers",
        "rows": [
            {
                "external_id": "10086",
                "kind": "organisation",
                "name": "滨海晨光机械有限公司",
                "branch": "120101",
                "owner": "lin",
            },
            {"external_id": "10087", "extra_large": True, "extra_large_from": "2026-01-01"},
        ],
    },
    request_only=True,
)


class Imports(Door):
    """Many rows at once."""

    asks = {"POST": ASKS}

    @extend_schema(
        operation_id="rows_import",
        summary="批量写入",
        tags=["写入"],
        parameters=[KEY],
        request={"application/json": batch_schema()},
        examples=[EXAMPLE],
        responses={200: BatchShape, **WRITE_REFUSALS},
    )
    @once
    def post(self, request: Request) -> Response:
        """最多 500 行，逐行给出结果，没有写入的行不影响其他行。每行的字段与按来源键写入相同，另加 external_id。"""
        data = request.data
        if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
            raise Stated(400, _("请求内容应是 {source, noun, rows} 的 JSON 对象。"))
        if strange := sorted(set(data) - BATCH_FIELDS):
            words = {name: [_("没有这个字段")] for name in strange}
            raise Stated(422, _("有字段不认识，请去掉后重试。"), fields=words)
        if data.get("noun") not in list(NOUNS):
            raise Stated(422, _("noun 只能是 %(nouns)s。") % {"nouns": "、".join(NOUNS)})
        if not 1 <= len(data["rows"]) <= MOST_ROWS:
            raise Stated(422, _("一批请送 1 到 %(most)s 行。") % {"most": MOST_ROWS})
        records = [_record(row) for row in data["rows"]]
        batch, taken = _take_in(request, data["noun"], data.get("source"), records)
        rows = [told(one, data["noun"]) for one in taken]
        counts = {
            word: sum(row["outcome"] == word for row in rows) for word in dict.fromkeys(OUTCOMES.values())
        }
        return Response({"batch": batch, "counts": counts, "rows": rows})


class OneRow(Door):
    """One row by the system's own key; each noun has its own address."""

    asks = {"PUT": ASKS}
    noun = ""

    def _put(self, request: Request, source: str, external_id: str) -> Response:
        if not isinstance(request.data, dict):
            raise Stated(400, _("请求内容应是一个 JSON 对象。"))
        if "external_id" in request.data:
            words = [_("来源键写在网址里，请去掉")]
            raise Stated(422, _("有字段不认识，请去掉后重试。"), fields={"external_id": words})
        record = _record({**request.data, "external_id": external_id})
        _batch, (taken,) = _take_in(request, self.noun, source, [record])
        if taken.out_of_reach:
            raise Http404
        said = told(taken, self.noun)
        if taken.line.outcome is Outcome.ERROR:
            raise Stated(422, _("这一行没有写入，请按提示修改后重送。"), fields=said["fields"])
        new = taken.line.outcome is Outcome.NEW
        return Response(said, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)


class PutCustomer(OneRow):
    """A customer by the system's own key."""

    noun = "customers"

    @extend_schema(
        operation_id="customer_put",
        summary="按来源键写入客户",
        description=HOW,
        tags=["写入"],
        parameters=[*PLACE, OPTIONAL_KEY],
        request={"application/json": row_schema("customers")},
        responses=ONE,
    )
    @once
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """This function will make or change the customer."""
        return self._put(request, source, external_id)


class PutContact(OneRow):
    """A service object by the system's own key."""

    noun = "contacts"

    @extend_schema(
        operation_id="contact_put",
        summary="按来源键写入服务对象",
        description=HOW,
        tags=["写入"],
        parameters=[*PLACE, OPTIONAL_KEY],
        request={"application/json": row_schema("contacts")},
        responses=ONE,
    )
    @once
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """This function will make or change the person."""
        return self._put(request, source, external_id)


class PutPolicy(OneRow):
    """A policy by the system's own key."""

    noun = "policies"

    @extend_schema(
        operation_id="policy_put",
        summary="按来源键写入保单",
        description=HOW,
        tags=["写入"],
        parameters=[*PLACE, OPTIONAL_KEY],
        request={"application/json": row_schema("policies")},
        responses=ONE,
    )
    @once
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """This function will make or change the policy."""
        return self._put(request, source, external_id)


class PutPremium(OneRow):
    """A premium received on a policy, by the system's own key."""

    noun = "premiums"

    @extend_schema(
        operation_id="premium_put",
        summary="按来源键写入实收保费",
        description=f"{HOW}退费的金额写负数。",
        tags=["写入"],
        parameters=[*PLACE, OPTIONAL_KEY],
        request={"application/json": row_schema("premiums")},
        responses=ONE,
    )
    @once
    def put(self, request: Request, source: str, external_id: str) -> Response:
        """This function will book or correct the premium."""
        return self._put(request, source, external_id)


def _take_in(request: Request, noun: str, source: Any, records: list[Record]) -> tuple[str, list[Taken]]:
    if not isinstance(source, str) or not 1 <= len(source) <= LONGEST_SOURCE or set(source) - ALPHABET:
        words = _("来源系统请用 1 到 20 个小写字母、数字、- 或 _")
        raise Stated(422, _("请写明来源系统。"), fields={"source": [words]})
    try:
        return take_in(sheet=noun, source=source, records=records, by=caller(request), now=read_clock())
    except source_keys.KeyIsTaken as refusal:
        raise Stated(status.HTTP_409_CONFLICT, refusal.message, headers={"Retry-After": "1"}) from None


def _record(row: Any) -> Record:
    key = row.get("external_id") if isinstance(row, dict) else None
    if not isinstance(key, str) or not key.isprintable() or not 1 <= len(key) <= LONGEST_ID:
        words = _("每一行都要有 external_id，1 到 60 个字")
        raise Stated(422, _("有行没有来源键，整批没有写入。"), fields={"external_id": [words]})
    # our own names of amounts are fen; whoever sent them would mean yuan
    fields = {
        RENAMED.get(str(k), f"{k}" if k not in SENT_AS else f"{k}?"): v
        for k, v in row.items()
        if k != "external_id"
    }
    return Record(key, fields)


def told(taken: Taken, noun: str) -> dict[str, Any]:
    """This function will say what became of a row; personal values are not repeated."""
    line = taken.line
    keys = {column.title: column.key for column in sheet_of(noun).columns}
    fields: dict[str, list[str]] = {}
    for reason in line.reasons:
        key = keys.get(reason.column, reason.column)
        sentence = reason.cause if key in PERSONAL else reason.sentence
        fields.setdefault(SENT_AS.get(key, key) or "row", []).append(sentence)
    return {
        "row": line.number,
        "external_id": taken.external_id,
        "outcome": OUTCOMES[line.outcome],
        "id": taken.pk,
        "fields": fields,
    }
