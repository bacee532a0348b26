"""Rows that the database itself would refuse, written behind its back, to see that the nightly check names them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from crm.registry import Invariant, invariants
from tests.factories.crm import NOW


def sentence(key: str) -> Invariant:
    """This function will return one sentence of the shelf."""
    return next(one for one in invariants() if one.key == key)


def breaking(key: str, now: Any = NOW) -> list[str]:
    """This function will list what breaks a sentence."""
    return [str(row) for row in sentence(key).broken(now)]


def run(statement: str, *values: Any) -> None:
    """This function will run one statement past all models."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)


def drop_trigger(table: str, name: str) -> None:
    """This function will take a trigger away."""
    run(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


@contextmanager
def without_trigger(table: str, name: str) -> Iterator[None]:
    """This function will let writes through that a trigger refuses, and put it back."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"')
        return
    name = f"{name}_0"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [name])
        (text,) = cursor.fetchone()
    drop_trigger(table, name)
    yield
    run(text)


@contextmanager
def without_check(table: str, name: str) -> Iterator[None]:
    """This function will let rows in that a check constraint forbids."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        yield
        return
    run("PRAGMA ignore_check_constraints = ON")
    try:
        yield
    finally:
        run("PRAGMA ignore_check_constraints = OFF")
