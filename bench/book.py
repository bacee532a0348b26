"""One large book of business for the benches: 100,000 customers, or a million with `--full`, the same each time.

`python -m bench.book [--full]` builds what is missing. It is kept as a template (a database jn_bench_… on PostgreSQL,
a file on SQLite under the temporary folder) and copied for each bench, so that it is loaded once.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.stack.installation import ROOT, Installation

USUAL, FULL, TICKETS = 100_000, 1_000_000, 100_000
SERVER = os.environ.get("BENCH_POSTGRES", "postgresql://root@127.0.0.1:5432")
FOLDER = Path(tempfile.gettempdir()) / "jiannuo-bench"


@dataclass(frozen=True, slots=True)
class Size:
    """How large the book is."""

    customers: int = USUAL
    tickets: int = TICKETS


def asked(words: list[str] | None = None) -> tuple[Size, list[str]]:
    """This function will read the command line: how large, and on which databases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="a million customers")
    parser.add_argument("--customers", type=int, default=0)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    given = parser.parse_args(words)
    size = Size(given.customers or (FULL if given.full else USUAL), given.tickets)
    return size, [given.only] if given.only else ["postgresql", "sqlite"]


def server(statement: str) -> bool:
    """This function will run one statement on the server itself, e.g. create a database."""
    connection = psycopg2.connect(f"{SERVER}/postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return bool(cursor.rowcount > 0)
    finally:
        connection.close()


def _house(vendor: str, name: str, folder: Path) -> Installation:
    folder.mkdir(parents=True, exist_ok=True)
    url = f"{SERVER}/{name}" if vendor == "postgresql" else f"sqlite:///{folder / 'book.sqlite3'}"
    house = Installation(folder, database_url=url, broker_url=f"redis+socket://{folder}/none.sock")
    house.more_env = {"DEMO": "1", "STACK_TIMEOUT": "3600"}
    return house


def template(vendor: str, size: Size) -> str:
    """This function will build the template if it is missing, and return its name."""
    name = f"jn_bench_{size.customers}_{size.tickets}"
    folder = FOLDER / name / vendor
    house = _house(vendor, name, folder)
    schema = ",".join(sorted(str(one) for one in ROOT.glob("*/migrations/0*.py")))
    ready = folder / "ready"
    if ready.exists():
        if ready.read_text() != schema:
            house.manage("migrate", "--noinput", "--verbosity", "0")
            ready.write_text(schema)
        return name
    if vendor == "postgresql":
        server(f"DROP DATABASE IF EXISTS {name}")
        server(f"CREATE DATABASE {name}")
    else:
        shutil.rmtree(folder)
        folder.mkdir(parents=True)
    house.manage("migrate", "--noinput", "--verbosity", "0")
    seconds = house.call("bench.book_load:load", size.customers, size.tickets)
    print(f"{vendor}: {size.customers:,} customers loaded in {seconds:.0f} s", file=sys.stderr)
    ready.write_text(schema)
    return name


@contextmanager
def copy(vendor: str, size: Size) -> Iterator[Installation]:
    """This function will open an installation on a copy of the book, and remove it afterwards."""
    name = template(vendor, size)
    mine = f"{name}_{os.getpid()}"
    folder = Path(tempfile.mkdtemp(prefix="jn-bench-"))
    house = _house(vendor, mine, folder)
    if vendor == "postgresql":
        server(f"CREATE DATABASE {mine} TEMPLATE {name}")
    else:
        for file in (FOLDER / name / vendor).glob("book.sqlite3*"):
            shutil.copy(file, folder / file.name)
    try:
        yield house
    finally:
        house.close()
        if vendor == "postgresql":
            server(f"DROP DATABASE IF EXISTS {mine} WITH (FORCE)")


def main() -> None:
    """This function will build the templates."""
    size, vendors = asked()
    for vendor in vendors:
        begin = time.perf_counter()
        name = template(vendor, size)
        print(f"{vendor}: {name} is ready ({time.perf_counter() - begin:.0f} s)")


if __name__ == "__main__":
    main()
