"""Installations for the stack tests: embedded (SQLite, Valkey from the wheel) and production (PostgreSQL, Redis)."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@pytest.fixture(scope="session")
def migrated_file() -> Iterator[Path]:
    """A migrated SQLite file that every embedded installation begins as a copy of."""
    house = Installation(Path(tempfile.mkdtemp(prefix="jn-", dir="/tmp")))
    house.manage("migrate", "--noinput", "--verbosity", "0")
    yield house.sqlite_file
    house.close()


@pytest.fixture(scope="session")
def migrated_database(postgres_server: str) -> Iterator[str]:
    """The name of a migrated database that every production installation begins as a copy of."""
    with a_database(postgres_server) as (name, address):
        folder = Path(tempfile.mkdtemp(prefix="jn-", dir="/tmp"))
        house = Installation(folder, address, broker_url="redis+socket:///nobody/is/asked.sock")
        house.manage("migrate", "--noinput", "--verbosity", "0")
        house.close()
        yield name


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of collected static files, which pages need beside PostgreSQL."""
    root = tmp_path_factory.mktemp("static")
    # the settings want an address; nobody is asked there
    away = {"STATIC_ROOT": str(root)}
    house = Installation(root / "house", "postgresql://nobody@localhost/none", "redis://localhost", away)
    house.manage("collectstatic", "--noinput", "--verbosity", "0")
    return root


@pytest.fixture
def database(postgres_server: str, migrated_database: str) -> Iterator[str]:
    """A migrated and otherwise empty database of this test's own."""
    with a_database(postgres_server, f'TEMPLATE "{migrated_database}"') as (_name, address):
        yield address


@contextmanager
def a_database(server: str, how: str = "") -> Iterator[tuple[str, str]]:
    """This function will make a database, yield its name and address, and drop it."""
    name = f"jn_stack_{uuid.uuid4().hex[:12]}"
    administer(server, f'CREATE DATABASE "{name}" {how}')
    yield name, urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def administer(address: str, statement: str) -> None:
    """This function will run one statement outside any transaction."""
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


@pytest.fixture
def build(request: pytest.FixtureRequest) -> Iterator[Callable[..., Installation]]:
    """A function that builds an installation of a kind, migrated, with its broker running; another empty database
    than the usual may be given."""
    built: list[Installation] = []

    def make(kind: str, database_url: str = "") -> Installation:
        folder = Path(tempfile.mkdtemp(prefix="jn-", dir="/tmp"))
        house = Installation(folder)
        built.append(house)
        house.broker_url = f"redis+socket://{folder}/run/broker.sock"
        if database_url:
            house.database_url = database_url
            house.manage("migrate", "--noinput", "--verbosity", "0")
        elif kind == "production":
            house.database_url = request.getfixturevalue("database")
        else:
            house.sqlite_file.parent.mkdir()
            shutil.copy(request.getfixturevalue("migrated_file"), house.sqlite_file)
        if house.database_url:
            house.static_files = lambda: request.getfixturevalue("static_files")
        house.start_broker()
        return house

    yield make
    for house in built:
        house.close()


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, build: Callable[..., Installation]) -> Installation:
    """An installation of each kind in turn."""
    return build(request.param)
