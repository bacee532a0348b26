"""The database as a file and back, on SQLite and PostgreSQL, with what it holds counted in the same instant."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from crm.refusal import Refusal

Ask = Callable[[str], list[tuple[Any, ...]]]


class NoDumpProgram(Refusal):
    """PostgreSQL's own programs are not on PATH."""


class DumpFailed(Refusal):
    """PostgreSQL's program ended with an error."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database held at one instant."""

    migrations: list[str]
    rows: dict[str, int]
    audit_head: str


def contents(ask: Ask) -> Contents:
    """This function will count every table and name the newest seal, by any way of asking."""
    tables = sorted({*connection.introspection.django_table_names(), "django_migrations"})
    rows = {name: ask(f'SELECT COUNT(*) FROM "{name}"')[0][0] for name in tables}  # noqa: S608
    names = ask("SELECT app, name FROM django_migrations ORDER BY app, name")
    head = ask("SELECT hash FROM crm_auditseal ORDER BY number DESC LIMIT 1")
    return Contents([f"{app}.{name}" for app, name in names], rows, head[0][0] if head else "")


def dump(target: Path) -> Contents:
    """This function will write the whole database into a file and say what it holds, as of one instant.

    Writers go on meanwhile. Raises NoDumpProgram, DumpFailed.
    """
    return _dump_postgresql(target) if connection.vendor == "postgresql" else _dump_sqlite(target)


def _dump_sqlite(target: Path) -> Contents:
    """A connection of its own reads the write-ahead log as of one instant; writers neither wait nor are waited for."""
    name = str(connection.settings_dict["NAME"])
    if "mode=memory" in name:  # no second connection could see it
        connection.ensure_connection()
        target.write_bytes(connection.connection.serialize())
        return look(target)
    file = quote(str(connection.settings_dict["NAME"]))
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return look(target)


def look(database: Path) -> Contents:
    """This function will say what a SQLite file holds; raises DumpFailed where it is not sound."""
    with closing(sqlite3.connect(f"file:{quote(str(database))}?mode=ro", uri=True)) as copy:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise DumpFailed(f"备份里的数据库不完好：{found}。")
        return contents(lambda query: copy.execute(query).fetchall())


def _dump_postgresql(target: Path) -> Contents:
    """A second connection holds the snapshot in which rows are counted and which pg_dump reads."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            run("pg_dump", "-Fc", "-Z1", f"--snapshot={snapshot}", "-f", str(target))

            def ask(query: str) -> list[tuple[Any, ...]]:
                cursor.execute(query)
                return list(cursor.fetchall())

            return contents(ask)
    finally:
        own.close()


def run(program: str, *arguments: str, database: str = "") -> None:
    """This function will run one of PostgreSQL's programs on the database in use, or on another of its server."""
    found = shutil.which(program)
    if found is None:
        raise NoDumpProgram(
            f"没有找到 {program}，请安装 PostgreSQL 客户端（如 apt install postgresql-client）。"
        )
    values = connection.settings_dict
    given = {
        "PGDATABASE": database or values["NAME"],
        "PGUSER": values["USER"],
        "PGPASSWORD": values["PASSWORD"],
        "PGHOST": values["HOST"],
        "PGPORT": values["PORT"],
    }
    env = os.environ | {name: str(value) for name, value in given.items() if value}
    done = subprocess.run([found, *arguments], env=env, capture_output=True, text=True)
    if done.returncode:
        raise DumpFailed(f"{program} 失败：{done.stderr.strip()[-300:]}")
