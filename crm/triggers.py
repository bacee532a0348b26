"""Triggers that keep rows as they were written, on SQLite and PostgreSQL, as operations for migrations.

Only updates are refused: a test database is emptied by deletes, and foreign keys protect what is in use.
SQLite drops a table's triggers when a later migration rebuilds the table; that migration must add them again.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


class _Trigger:
    """One trigger before updates of a table. A row may pass where only `closing` goes from empty to filled."""

    def __init__(self, table: str, message: str, columns: Sequence[str] = (), closing: str = "") -> None:
        self.table, self.message, self.columns, self.closing = table, message, columns, closing
        self.name = f"{table}_is_kept"

    def sqlite(self) -> list[str]:
        """This function will write the trigger for SQLite, which compares column by column."""
        when = ""
        if self.closing:
            same = " AND ".join(f'OLD."{one}" IS NEW."{one}"' for one in self.columns if one != self.closing)
            closes = f'OLD."{self.closing}" IS NULL AND NEW."{self.closing}" IS NOT NULL'
            when = f"WHEN NOT ({closes} AND {same})"
        return [
            f'CREATE TRIGGER "{self.name}" BEFORE UPDATE ON "{self.table}" {when} '
            f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        ]

    def postgresql(self) -> list[str]:
        """This function will write the trigger for PostgreSQL, which compares whole rows."""
        passes = ""
        if self.closing:
            rest = f"(to_jsonb(OLD) - '{self.closing}') = (to_jsonb(NEW) - '{self.closing}')"
            closes = f"OLD.{self.closing} IS NULL AND NEW.{self.closing} IS NOT NULL"
            passes = f"IF {closes} AND {rest} THEN RETURN NEW; END IF;"
        return [
            f'CREATE FUNCTION "{self.name}"() RETURNS trigger AS $$ BEGIN {passes} '
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = '23000'; END $$ LANGUAGE plpgsql",
            f'CREATE TRIGGER "{self.name}" BEFORE UPDATE ON "{self.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{self.name}"()',
        ]

    def create(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will create the trigger for the database in use."""
        postgresql = editor.connection.vendor == "postgresql"
        for statement in self.postgresql() if postgresql else self.sqlite():
            editor.execute(statement)

    def drop(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will drop it again."""
        if editor.connection.vendor == "postgresql":
            editor.execute(f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self.table}"')
            editor.execute(f'DROP FUNCTION IF EXISTS "{self.name}"()')
        else:
            editor.execute(f'DROP TRIGGER IF EXISTS "{self.name}"')


def rows_are_only_added(table: str, message: str) -> RunPython:
    """This function will give the migration step after which no row of a table can be updated."""
    trigger = _Trigger(table, message)
    return RunPython(trigger.create, trigger.drop)


def rows_are_only_closed(table: str, message: str, columns: Sequence[str], closing: str) -> RunPython:
    """This function will give the step after which a row can only have its empty `closing` column filled."""
    trigger = _Trigger(table, message, columns, closing)
    return RunPython(trigger.create, trigger.drop)


class _FollowsOn:
    """A trigger before inserts: a row's `first` is one more than the greatest `last` that is there."""

    def __init__(self, table: str, message: str) -> None:
        self.table, self.message = table, message
        self.name = f"{table}_follows_on"
        self.broken = f'NEW.first <> COALESCE((SELECT MAX(last) FROM "{table}"), 0) + 1'  # noqa: S608

    def create(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will create the trigger for the database in use."""
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f'CREATE FUNCTION "{self.name}"() RETURNS trigger AS $$ BEGIN IF {self.broken} THEN '
                f"RAISE EXCEPTION '{self.message}' USING ERRCODE = '23000'; END IF; RETURN NEW; END $$ "
                "LANGUAGE plpgsql"
            )
            what = f'FOR EACH ROW EXECUTE FUNCTION "{self.name}"()'
        else:
            what = f"WHEN {self.broken} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        editor.execute(f'CREATE TRIGGER "{self.name}" BEFORE INSERT ON "{self.table}" {what}')

    def drop(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will drop it again."""
        on = f' ON "{self.table}"' if editor.connection.vendor == "postgresql" else ""
        editor.execute(f'DROP TRIGGER IF EXISTS "{self.name}"{on}')
        if on:
            editor.execute(f'DROP FUNCTION IF EXISTS "{self.name}"()')


def ranges_follow_on(table: str, message: str) -> RunPython:
    """This function will give the step after which ranges, `first` to `last`, leave no gap and never overlap."""
    trigger = _FollowsOn(table, message)
    return RunPython(trigger.create, trigger.drop)


class _Frozen:
    """A trigger before updates: once `mark` is filled, neither it nor the columns beside it ever change."""

    def __init__(self, table: str, message: str, mark: str, beside: Sequence[str]) -> None:
        self.table, self.message = table, message
        self.name = f"{table}_{mark}_stays"
        self.mark, self.columns = mark, [mark, *beside]

    def create(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will create the trigger for the database in use."""
        postgresql = editor.connection.vendor == "postgresql"
        differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
        changed = " OR ".join(f'NEW."{one}" {differs} OLD."{one}"' for one in self.columns)
        when = f'OLD."{self.mark}" IS NOT NULL AND ({changed})'
        if not postgresql:
            editor.execute(
                f'CREATE TRIGGER "{self.name}" BEFORE UPDATE ON "{self.table}" '
                f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            )
            return
        editor.execute(
            f'CREATE FUNCTION "{self.name}"() RETURNS trigger AS $$ BEGIN '
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = '23000'; END $$ LANGUAGE plpgsql"
        )
        editor.execute(
            f'CREATE TRIGGER "{self.name}" BEFORE UPDATE ON "{self.table}" '
            f'FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION "{self.name}"()'
        )

    def drop(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will drop it again."""
        on = f' ON "{self.table}"' if editor.connection.vendor == "postgresql" else ""
        editor.execute(f'DROP TRIGGER IF EXISTS "{self.name}"{on}')
        if on:
            editor.execute(f'DROP FUNCTION IF EXISTS "{self.name}"()')


def columns_stay_once_marked(table: str, message: str, mark: str, beside: Sequence[str]) -> RunPython:
    """This function will give the step after which a filled `mark`, and the columns beside it, never change."""
    trigger = _Frozen(table, message, mark, beside)
    return RunPython(trigger.create, trigger.drop)
