"""Finding by a part of a name through an index, two characters of it being enough: the lookup `has_part`.

A name is kept as its pairs of neighbouring characters: 天津港 is 天津 and 津港. PostgreSQL keeps them in an index over
an expression, SQLite in a table beside the column that triggers write. Both follow every change of a row by themselves.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.models import BigAutoField, CharField, Func, Lookup
from django.db.models.lookups import IContains, In
from django.db.models.sql.compiler import SQLCompiler

PAIR, LONGEST = 2, 80
FUNCTION = (
    "CREATE OR REPLACE FUNCTION jn_pairs(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ "
    "SELECT COALESCE(array_agg(DISTINCT substr(upper(value), n, 2)), '{}') "
    "FROM generate_series(1, length(value) - 1) AS n $$"
)


class NumberEnd(Func):
    """The last four characters of a number, as its index keeps them."""

    template = "RIGHT(%(expressions)s, 4)"
    output_field = CharField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        """This function will write the same for SQLite."""
        return self.as_sql(compiler, connection, template="SUBSTR(%(expressions)s, -4)", **more)


@BigAutoField.register_lookup
class Among(In):
    """The key is one of a query's, which are found first: they are few, whatever PostgreSQL expects of the query.

    With IN it would rather walk a list in its order and look each row up, past nearly all of them.
    """

    lookup_name = "among"

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        """This function will write the comparison."""
        return f"= ANY(ARRAY{rhs})" if connection.vendor == "postgresql" else f"IN {rhs}"


@CharField.register_lookup
class HasPart(Lookup):
    """The text stands somewhere in the column, whatever its case; from two characters on an index finds it."""

    lookup_name = "has_part"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        """This function will ask the pairs first, then the column itself."""
        sql, params = compiler.compile(IContains(self.lhs, self.rhs))
        text = str(self.rhs)
        pairs = list(dict.fromkeys(text[n : n + PAIR] for n in range(len(text) - 1)))
        if not pairs:
            return sql, params
        column, _none = compiler.compile(self.lhs)
        if connection.vendor == "postgresql":
            return f"(jn_pairs({column}) @> %s AND {sql})", [[one.upper() for one in pairs], *params]
        where, keys = self._sqlite(pairs)
        return f"({where} AND {sql})", [*keys, *params]

    def _sqlite(self, pairs: list[str]) -> tuple[str, list[str]]:
        alias, target = self.lhs.alias, self.lhs.target
        table = pairs_table(target.model._meta.db_table, target.column)
        # names come from the model, texts travel as parameters
        more = "".join(
            f' AND EXISTS (SELECT 1 FROM "{table}" q WHERE q.pair = UPPER(%s) AND q.row = p.row)'  # noqa: S608
            for _one in pairs[1:]
        )
        found = f'SELECT p.row FROM "{table}" p WHERE p.pair = UPPER(%s){more}'  # noqa: S608
        return f'"{alias}"."{target.model._meta.pk.column}" IN ({found})', pairs


def pairs_table(table: str, column: str) -> str:
    """This function will name SQLite's table of pairs of a column."""
    return f"{table}_{column}_pair"


class _Pairs:
    """The index of one column."""

    def __init__(self, table: str, column: str, name: str) -> None:
        self.table, self.column, self.name = table, column, name
        self.pairs = pairs_table(table, column)

    def _written(self, row: str, source: str) -> str:
        places = ",".join(map(str, range(1, LONGEST)))
        pair = f"upper(substr({row}.{self.column}, n.value, {PAIR}))"
        return (
            f'INSERT OR IGNORE INTO "{self.pairs}" (pair, row) SELECT {pair}, {row}.id '  # noqa: S608
            f"FROM {source}json_each('[{places}]') n WHERE n.value < length({row}.{self.column})"
        )

    def _sqlite(self) -> list[str]:
        # every pair of a row is known from its text, so that no second index by row is needed
        places = ",".join(map(str, range(1, LONGEST)))
        gone = (
            f'DELETE FROM "{self.pairs}" WHERE row = OLD.id AND pair IN (SELECT '  # noqa: S608
            f"upper(substr(OLD.{self.column}, n.value, {PAIR})) FROM json_each('[{places}]') n "
            f"WHERE n.value < length(OLD.{self.column}))"
        )
        made, on = self._written("NEW", ""), f'ON "{self.table}"'
        changed = f"WHEN OLD.{self.column} IS NOT NEW.{self.column} OR OLD.id IS NOT NEW.id"
        return [
            f'CREATE TABLE IF NOT EXISTS "{self.pairs}" '
            "(pair TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (pair, row)) WITHOUT ROWID",
            f'DELETE FROM "{self.pairs}"',  # noqa: S608
            f'CREATE TRIGGER "{self.pairs}_insert" AFTER INSERT {on} BEGIN {made}; END',
            f'CREATE TRIGGER "{self.pairs}_delete" AFTER DELETE {on} BEGIN {gone}; END',
            f'CREATE TRIGGER "{self.pairs}_update" AFTER UPDATE {on} {changed} BEGIN {gone}; {made}; END',
            self._written("t", f'"{self.table}" t, '),
        ]

    def create(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will create the index for the database in use, and fill it."""
        if editor.connection.vendor == "postgresql":
            editor.execute(FUNCTION, params=None)
            editor.execute(
                f'CREATE INDEX "{self.name}" ON "{self.table}" USING gin (jn_pairs("{self.column}"))'
            )
            # without figures about the pairs the planner would read whole tables until the next analysis
            editor.execute(f'ANALYZE "{self.table}"')
            return
        for statement in self._sqlite():
            editor.execute(statement, params=None)

    def drop(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will drop it again."""
        if editor.connection.vendor == "postgresql":
            editor.execute(f'DROP INDEX IF EXISTS "{self.name}"')
            return
        for when in ("insert", "delete", "update"):
            editor.execute(f'DROP TRIGGER IF EXISTS "{self.pairs}_{when}"')
        editor.execute(f'DROP TABLE IF EXISTS "{self.pairs}"')


def found_by_part(table: str, column: str, name: str) -> RunPython:
    """This function will give the migration step after which `has_part` finds a column's texts by index.

    On SQLite a later migration that rebuilds the table must take this step again.
    """
    pairs = _Pairs(table, column, name)
    return RunPython(pairs.create, pairs.drop)


def parts_are_indexed_at_once(*names: str) -> RunPython:
    """This function will give the step after which PostgreSQL writes these indexes at once.

    It would put new rows aside in a list that every search reads through until a vacuum comes by: after an import
    a search took twenty times as long.
    """

    def set_to(value: str) -> Any:
        def change(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
            for name in names if editor.connection.vendor == "postgresql" else ():
                editor.execute(f'ALTER INDEX "{name}" SET (fastupdate = {value})')
                editor.execute(f"SELECT gin_clean_pending_list('\"{name}\"')")

        return change

    return RunPython(set_to("off"), set_to("on"))


class _Beginning:
    """An index that `istartswith` and `iexact` use."""

    def __init__(self, table: str, column: str, name: str) -> None:
        self.table, self.column, self.name = table, column, name

    def create(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will create the index for the database in use."""
        postgresql = editor.connection.vendor == "postgresql"
        how = f'UPPER("{self.column}"::text) text_pattern_ops'
        what = how if postgresql else f'"{self.column}" COLLATE NOCASE'
        editor.execute(f'CREATE INDEX "{self.name}" ON "{self.table}" ({what})')

    def drop(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will drop it again."""
        editor.execute(f'DROP INDEX IF EXISTS "{self.name}"')


def found_by_beginning(table: str, column: str, name: str) -> RunPython:
    """This function will give the migration step after which the beginning of a text is found by index."""
    beginning = _Beginning(table, column, name)
    return RunPython(beginning.create, beginning.drop)
