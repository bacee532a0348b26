"""Cursor paging: the next page begins behind the last row that was seen, so rows that come or go shift nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from crm.api.problems import Stated

Row = TypeVar("Row", bound=Model)
SALT = "crm.api.cursor"
USUAL_SIZE, MOST_ROWS = 50, 200
PARAMETERS = [
    OpenApiParameter("cursor", str, description="上一页的 next；不带则从头开始"),
    OpenApiParameter("size", int, description=f"每页行数，1–{MOST_ROWS}，默认 {USUAL_SIZE}"),
]


@dataclass(frozen=True, slots=True)
class Order:
    """By which field a list is ordered, then by its id; a page needs both, none of them empty."""

    field: str
    descending: bool = False

    @property
    def by(self) -> list[Any]:
        """This function will name the order for a query."""
        both = (F(self.field), F("pk"))
        return [one.desc() if self.descending else one.asc() for one in both]

    def after(self, value: Any, pk: int) -> Q:
        """This function will mean the rows behind one that was seen."""
        way = "lt" if self.descending else "gt"
        return Q(**{f"{self.field}__{way}": value}) | Q(**{self.field: value, f"pk__{way}": pk})


def page(request: Request, found: QuerySet[Row], order: Order) -> tuple[list[Row], str | None]:
    """This function will return one page and the cursor of the next; raises Stated for a wrong cursor or size."""
    size = _size(request.query_params.get("size", ""))
    if text := request.query_params.get("cursor", ""):
        found = found.filter(order.after(*_read(text, order)))
    rows = list(found.order_by(*order.by)[: size + 1])
    if len(rows) <= size:
        return rows, None
    return rows[:size], _write(rows[size - 1], order)


def _size(text: str) -> int:
    if not text:
        return USUAL_SIZE
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST_ROWS):
        sentence = _("size 请填 1 到 %(most)s 的整数。") % {"most": MOST_ROWS}
        raise Stated(400, sentence, fields={"size": [sentence]})
    return int(text)


def _write(row: Model, order: Order) -> str:
    value = getattr(row, order.field)
    plain = value.isoformat() if isinstance(value, datetime) else value
    return signing.dumps([order.field, plain, row.pk], salt=SALT)


def _read(text: str, order: Order) -> tuple[Any, int]:
    try:
        field, value, pk = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        field, value, pk = "", "", 0
    if field != order.field:
        sentence = _("cursor 不是这个列表给出的，请从头开始。")
        raise Stated(400, sentence, fields={"cursor": [sentence]})
    return (datetime.fromisoformat(value) if field.endswith("_at") else value), int(pk)
