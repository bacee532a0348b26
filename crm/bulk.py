"""Writing rows by one statement, each with values of its own. What may be written is the services' matter."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def update_rows(
    model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]], *, count: str = ""
) -> int:
    """This function will write fields of many rows, one sequence a row: its key, then the values in order of `names`.

    `count` names a counter that goes up by one. Returns how many rows were there. The caller holds the rows, and
    keeps a call under some thousand of them.
    """
    if not rows:
        return 0
    table = connection.ops.quote_name(model._meta.db_table)
    fields: list[Any] = [model._meta.pk, *(_field(model, name) for name in names)]
    columns = [connection.ops.quote_name(field.column) for field in fields]
    changes = [f"{column} = {_typed(field, column)}" for field, column in zip(fields, columns, strict=True)][
        1:
    ]
    if count:
        counter = connection.ops.quote_name(_field(model, count).column)
        changes.append(f"{counter} = {table}.{counter} + 1")
    one = "(" + ", ".join(["%s"] * len(fields)) + ")"
    # names come from the model, values travel as parameters; the row count needs UPDATE as the first word
    values = f"WITH w ({', '.join(columns)}) AS (VALUES {', '.join([one] * len(rows))}) SELECT * FROM w"  # noqa: S608
    where = f"{table}.{columns[0]} = v.{columns[0]}"
    sql = f"UPDATE {table} SET {', '.join(changes)} FROM ({values}) AS v WHERE {where}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [_plain(field, value) for row in rows for field, value in zip(fields, row, strict=True)]
        )
        return int(cursor.rowcount)


def insert_new(rows: Sequence[Any], *, by: str = "") -> bool:
    """This function will add rows of one model, but for those that a unique constraint refuses; no savepoint is needed.

    What is refused for another reason is an error as ever. With `by`, a field that tells the rows apart, the added
    ones get their ids. Returns whether all of them are new.
    """
    if not rows:
        return True
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    fields: list[Any] = [one for one in meta.concrete_fields if one is not meta.pk]
    named = _field(type(rows[0]), by) if by else meta.pk
    columns = ", ".join(quote(one.column) for one in fields)
    one = "(" + ", ".join(["%s"] * len(fields)) + ")"
    # names come from the model, values travel as parameters
    sql = (
        f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {', '.join([one] * len(rows))} "  # noqa: S608
        f"ON CONFLICT DO NOTHING RETURNING {quote(named.column)}, {quote(meta.pk.column)}"
    )
    values = [_plain(field, field.pre_save(row, True)) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        made = dict(cursor.fetchall())
    for row in rows if by else ():
        row.pk = made.get(_plain(named, getattr(row, named.attname)))
        row._state.adding, row._state.db = row.pk is None, connection.alias
    return len(made) == len(rows)


def _field(model: type[Model], name: str) -> Any:
    """A field by its name or, for a foreign key whose bare value is given, by its column: `branch_id`."""
    return next(one for one in model._meta.concrete_fields if name in (one.name, one.attname))


def _plain(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _typed(field: Any, column: str) -> str:
    """A column of nothing but NULL has no type of its own in PostgreSQL; in SQLite a cast would spoil a date."""
    if connection.vendor != "postgresql":
        return f"v.{column}"
    return f"CAST(v.{column} AS {field.cast_db_type(connection)})"
