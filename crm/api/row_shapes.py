"""What rows of a source system look like in the description: the import's columns, by their keys."""

from typing import Any

from rest_framework import serializers

from crm.book import cells, shelf
from crm.book.columns import Column, Sheet
from crm.book.lines import Outcome
from crm.services.book.sending_in import NOUNS
from crm.services.book.sent_fields import BY_THEIR_KEY, CODES, EMPTIED

# the columns keep fen; whoever sends writes yuan
RENAMED = {"premium": "premium_fen", "amount": "amount_fen"}
SENT_AS = {ours: theirs for theirs, ours in RENAMED.items()}
LONGEST_ID = 60
LONGEST_SOURCE = 20
MOST_ROWS = 500
SOURCE = {"type": "string", "pattern": "^[a-z0-9_-]{1,20}$", "description": "来源系统"}
NAMED = {"customer": "客户", "policy": "保单"}
WHOLE = frozenset(("pay_years", "policy_year", "instalment"))
OUTCOMES = {
    Outcome.NEW: "created",
    Outcome.UPDATE: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.DUPLICATE: "refused",
    Outcome.ERROR: "refused",
}


def sheet_of(key: str) -> Sheet:
    """This function will find the sheet of a noun."""
    return next(one for one in shelf.sheets() if one.key == key)


def row_schema(key: str) -> dict[str, Any]:
    """This function will describe the fields of one row of a sheet."""
    sheet = sheet_of(key)
    fields = {SENT_AS.get(c.key, c.key): _field(c, EMPTIED[key]) for c in sheet.columns}
    for column, (_noun, field) in BY_THEIR_KEY.items():
        if column in sheet.by_key:
            words = f"{NAMED[column]}在来源系统的键，可代替 {column}"
            fields[field] = {"type": "string", "description": words}
    return {"type": "object", "properties": fields}


def _field(column: Column, emptied: dict[str, Any]) -> dict[str, Any]:
    needed = {"new": "新增必填", "key": "新增必填"}.get(column.needed, "")
    words = "；".join(part for part in (column.title, needed, str(column.note)) if part)
    kind: dict[str, Any] = {"type": "string"}
    if column.read is cells.yes_no:
        kind = {"type": "boolean"}
    elif column.key in WHOLE:
        kind = {"type": "integer"}
    elif column.key in CODES:
        kind = {"type": "string", "enum": sorted(set(CODES[column.key].values()))}
    return {**kind, "description": words, **({"nullable": True} if column.key in emptied else {})}


def batch_schema() -> dict[str, Any]:
    """This function will describe a batch; its rows are those of the noun that it names."""
    rows = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_ROWS,
        "items": {
            "type": "object",
            "required": ["external_id"],
            "properties": {"external_id": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}},
            "additionalProperties": True,
        },
    }
    noun = {"type": "string", "enum": list(NOUNS), "description": "送的是什么"}
    return {
        "type": "object",
        "required": ["source", "noun", "rows"],
        "properties": {"source": SOURCE, "noun": noun, "rows": rows},
        "additionalProperties": False,
    }


class TakenShape(serializers.Serializer[Any]):
    """What became of one row."""

    row = serializers.IntegerField(help_text="第几行，从 1 起")
    external_id = serializers.CharField(help_text="来源键")
    outcome = serializers.ChoiceField(
        choices=["created", "updated", "unchanged", "refused"],
        help_text="created 新增、updated 更新、unchanged 没有变化、refused 没有写入",
    )
    id = serializers.IntegerField(allow_null=True, help_text="我们的编号；没有写入时为空")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text="字段 → 原因，与导入的失败原因是同样的话；row 是整行的原因",
    )


class BatchShape(serializers.Serializer[Any]):
    """What became of a batch."""

    batch = serializers.CharField(help_text="批次号，见操作记录")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="结果 → 行数")
    rows = TakenShape(many=True)
