"""Triggers that refuse a row by what it says: a person who is off, periods that overlap, a value that must stay.

Each is named by the sentence that is true of the table. What keeps rows as they were written is in `crm/triggers.py`,
with the warning about SQLite that holds here too.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


class _Refusal:
    """A trigger that refuses what is written when a condition on the new row holds, after taking a lock on PostgreSQL."""

    def __init__(self, table: str, message: str, *, moments: Sequence[str], lock: str = "") -> None:
        self.table, self.message, self.moments, self.lock = table, message, moments, lock

    def create(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will create the trigger for the database in use, one for each moment."""
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f'CREATE FUNCTION "{self.message}"() RETURNS trigger AS $$ BEGIN {self.lock} '
                f"IF {self.broken('')} THEN RAISE EXCEPTION '{self.message}' "
                "USING ERRCODE = '23000'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
                params=None,
            )
            editor.execute(
                f'CREATE TRIGGER "{self.message}" BEFORE {" OR ".join(self.moments)} ON "{self.table}" '
                f'FOR EACH ROW EXECUTE FUNCTION "{self.message}"()'
            )
            return
        refuse = f"SELECT RAISE(ABORT, '{self.message}');"
        for number, moment in enumerate(self.moments):
            editor.execute(
                f'CREATE TRIGGER "{self.message}_{number}" BEFORE {moment} ON "{self.table}" '
                f"WHEN {self.broken(moment)} BEGIN {refuse} END",
                params=None,
            )

    def drop(self, _apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        """This function will drop it again."""
        if editor.connection.vendor == "postgresql":
            editor.execute(f'DROP TRIGGER IF EXISTS "{self.message}" ON "{self.table}"')
            editor.execute(f'DROP FUNCTION IF EXISTS "{self.message}"()')
            return
        for number in range(len(self.moments)):
            editor.execute(f'DROP TRIGGER IF EXISTS "{self.message}_{number}"')

    def broken(self, moment: str) -> str:
        """This function will write the condition under which the row is refused; no moment: for PostgreSQL."""
        raise NotImplementedError


class _InUse(_Refusal):
    """Refuses a person who is switched off. The shared lock makes it wait for somebody switching the person off."""

    def __init__(self, table: str, column: str, message: str) -> None:
        self.column = column
        given = f"TG_OP = 'INSERT' OR OLD.{column} <> NEW.{column}"
        super().__init__(
            table,
            message,
            moments=("INSERT", f"UPDATE OF {column}"),
            lock=f"IF NOT ({given}) THEN RETURN NEW; END IF; "
            f"PERFORM 1 FROM crm_user WHERE id = NEW.{column} FOR SHARE;",
        )

    def broken(self, moment: str) -> str:
        """This function will write the condition; a row that keeps the person it had is left alone."""
        left = f"NOT (SELECT is_active FROM crm_user WHERE id = NEW.{self.column})"  # noqa: S608
        given = f"OLD.{self.column} <> NEW.{self.column} AND " if moment.startswith("UPDATE") else ""
        return given + left


class _NoOverlap(_Refusal):
    """Refuses half-open periods of one `key` that share a day. Empty periods share none."""

    def __init__(self, table: str, key: str, message: str) -> None:
        self.key = key
        super().__init__(
            table,
            message,
            moments=("INSERT", f"UPDATE OF {key}, active_from, active_to"),
            lock=f"PERFORM pg_advisory_xact_lock(hashtextextended('{table}:' || NEW.{key}, 0));",
        )

    def broken(self, moment: str) -> str:
        """This function will write the condition under which the row is refused."""
        other = "other.id IS NOT NEW.id" if moment else "other.id <> NEW.id"
        return (
            f'EXISTS (SELECT 1 FROM "{self.table}" AS other WHERE other.{self.key} = NEW.{self.key} AND {other} '  # noqa: S608
            "AND other.active_from < other.active_to AND NEW.active_from < NEW.active_to "
            "AND other.active_from < NEW.active_to AND NEW.active_from < other.active_to)"
        )


class _Stays(_Refusal):
    """Refuses another value in a column that was filled once; `while_like` names the first, passing value."""

    def __init__(self, table: str, column: str, message: str, while_like: str) -> None:
        self.column, self.while_like = column, while_like
        super().__init__(table, message, moments=(f"UPDATE OF {column}",))

    def broken(self, moment: str) -> str:
        """This function will write the condition under which the row is refused."""
        return f"OLD.{self.column} <> NEW.{self.column} AND OLD.{self.column} NOT LIKE '{self.while_like}'"


class _Closed(_Refusal):
    """Refuses rows of a parent whose `mark` is filled."""

    def __init__(self, table: str, parent: str, column: str, mark: str, message: str) -> None:
        self.parent, self.column, self.mark = parent, column, mark
        super().__init__(table, message, moments=("INSERT", "UPDATE"))

    def broken(self, moment: str) -> str:
        """This function will write the condition under which the row is refused."""
        return (
            f'EXISTS (SELECT 1 FROM "{self.parent}" AS parent WHERE parent.id = NEW.{self.column} '  # noqa: S608
            f"AND parent.{self.mark} IS NOT NULL)"
        )


def person_is_in_use(table: str, column: str, message: str) -> RunPython:
    """This function will give the step after which a column can only be given a person who is in use."""
    trigger = _InUse(table, column, message)
    return RunPython(trigger.create, trigger.drop)


def periods_do_not_overlap(table: str, key: str, message: str) -> RunPython:
    """This function will give the step after which periods of one `key` share no day, whoever writes them."""
    trigger = _NoOverlap(table, key, message)
    return RunPython(trigger.create, trigger.drop)


def column_stays(table: str, column: str, message: str, while_like: str) -> RunPython:
    """This function will give the step after which a column keeps what it was first filled with."""
    trigger = _Stays(table, column, message, while_like)
    return RunPython(trigger.create, trigger.drop)


def rows_stay_once_marked(table: str, parent: str, column: str, mark: str, message: str) -> RunPython:
    """This function will give the step after which no row is added or changed whose parent's `mark` is filled."""
    trigger = _Closed(table, parent, column, mark, message)
    return RunPython(trigger.create, trigger.drop)
