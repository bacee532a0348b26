"""Writing rows by one statement, each with values of its own. What may be written is the services' matter."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

# SQLite takes 32,766 in a statement
MOST_PARAMETERS = 30_000
Rows = Sequence[tuple[int, tuple[Any, ...]]]


def update_rows(model: type[Model], names: Sequence[str], rows: Rows, *, count: str = "") -> int:
    """This function will write fields of many rows, a pair a row: its key, and the values in order of `names`.

    Values that rows share as one tuple travel once. `count` names a counter that goes up by one. Returns how many
    rows were there. The caller holds the rows.
    """
    if len(parts := _parts(rows, len(names))) != 1:
        return sum(update_rows(model, names, part, count=count) for part in parts)
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(_field(model, model._meta.pk.name).column)
    fields = [_field(model, name) for name in names]
    changes = [f"{quote(one.column)} = {_typed(one, f'v{n}')}" for n, one in enumerate(fields)]
    if count:
        counter = quote(_field(model, count).column)
        changes.append(f"{counter} = {table}.{counter} + 1")
    values, params = _values(fields, rows)
    # names come from the model, keys are numbers, values travel as parameters; the row count needs UPDATE as the first word
    sql = f"UPDATE {table} SET {', '.join(changes)} FROM ({values}) AS v WHERE {table}.{key} = v.k"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def insert_rows(model: type[Model], key: str, names: Sequence[str], rows: Rows) -> None:
    """This function will add many rows that each belong to another one: the other's id for the field `key`, and the values.

    Values that rows share as one tuple travel once. What is not named stays empty.
    """
    if len(parts := _parts(rows, len(names))) != 1:
        for part in parts:
            insert_rows(model, key, names, part)
        return
    quote = connection.ops.quote_name
    fields = [_field(model, name) for name in names]
    columns = ", ".join(quote(one.column) for one in (_field(model, key), *fields))
    chosen = ", ".join(["v.k", *(_typed(one, f"v{n}") for n, one in enumerate(fields))])
    values, params = _values(fields, rows)
    # names come from the model, keys are numbers, values travel as parameters
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT {chosen} FROM ({values}) AS v"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _parts(rows: Rows, width: int) -> list[Rows]:
    """The rows in as few parts as a statement's parameters allow; none for no rows."""
    different = len({id(values) for _key, values in rows})
    if not rows or different * width <= MOST_PARAMETERS:
        return [rows] if rows else []
    half = len(rows) // 2
    return [*_parts(rows[:half], width), *_parts(rows[half:], width)]


def _values(fields: list[Any], rows: Rows) -> tuple[str, list[Any]]:
    """A query of the rows' keys `k` and values `v0`, `v1` …: each different tuple once, and which rows have it."""
    numbers: dict[int, int] = {}
    params: list[Any] = []
    members = []
    for key, values in rows:
        number = numbers.get(id(values))
        if number is None:
            number = numbers[id(values)] = len(numbers)
            params += [_plain(field, value) for field, value in zip(fields, values, strict=True)]
        members.append(f"({int(key)},{number})")
    names = ", ".join(f"v{n}" for n in range(len(fields)))
    one = ", ".join(["%s"] * len(fields))
    shared = ", ".join(f"({n}, {one})" for n in range(len(numbers)))
    held = f"WITH g (n, {names}) AS (VALUES {shared}), m (k, n) AS (VALUES {','.join(members)})"
    return f"{held} SELECT m.k, {names} FROM m JOIN g ON g.n = m.n", params  # noqa: S608


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
    values = [_plain(field, getattr(row, field.attname)) for row in rows for field in fields]
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


def _typed(field: Any, name: str) -> str:
    """A column of nothing but NULL has no type of its own in PostgreSQL; in SQLite a cast would spoil a date."""
    if connection.vendor != "postgresql":
        return f"v.{name}"
    return f"CAST(v.{name} AS {field.cast_db_type(connection)})"
