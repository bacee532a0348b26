"""Installations for the stack tests: embedded (SQLite, Valkey from the wheel) and production (PostgreSQL, Redis)."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from tests.stack import postgres
from tests.stack.installation import Installation

KINDS = ["embedded", "production"]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server; on CI a missing one is a failure, elsewhere a skip with the reason."""
    try:
        with postgres.server() as address:
            yield address
    except postgres.NoServer as refusal:
        if os.environ.get("CI"):
            pytest.fail(str(refusal))
        pytest.skip(str(refusal))


@pytest.fixture
def database(postgres_server: str) -> Iterator[str]:
    """An empty database of this test's own."""
    name = f"jn_stack_{uuid.uuid4().hex[:12]}"
    parts = urlsplit(postgres_server)
    administer(postgres_server, f'CREATE DATABASE "{name}"')
    yield urlunsplit(parts._replace(path=f"/{name}"))
    administer(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')


def administer(address: str, statement: str) -> None:
    """This function will run one statement outside any transaction."""
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


@pytest.fixture
def build(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Installation]]:
    """A function that builds an installation of a kind, migrated, with its broker running."""
    built: list[Installation] = []

    def make(kind: str) -> Installation:
        folder = Path(tempfile.mkdtemp(prefix="jn-", dir="/tmp"))
        house = Installation(folder)
        built.append(house)
        house.broker_url = f"redis+socket://{folder}/run/broker.sock"
        if kind == "production":
            house.database_url = request.getfixturevalue("database")
        house.start_broker(shutil.which("redis-server") if kind == "production" else None)
        house.manage("migrate", "--noinput", "--verbosity", "0")
        return house

    yield make
    for house in built:
        house.close()


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, build: Callable[[str], Installation]) -> Installation:
    """An installation of each kind in turn."""
    return build(request.param)
