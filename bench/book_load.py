"""Writes the book's rows in bulk: COPY on PostgreSQL, one prepared INSERT on SQLite; constraints and triggers stand."""

import csv
import io
import json
import random
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from bench import book_rows as rows
from crm.models import Branch, Contact, Customer, Policy, User
from crm.selectors import house_rules
from servicing.models import Commitment, ServiceStandard, Ticket
from servicing.timing import rules_as_data

PIECE = 20_000
COLUMNS: dict[type[models.Model], str] = {
    Branch: "id name code kind parent path",
    User: "id username name branch role supervisor",
    Customer: "id number kind name name_initials branch owner created_at",
    Contact: "id ref customer role name name_initials phone_sealed phone_masked phone_index phone_tail_index "
    "id_no_sealed id_no_masked id_no_index birth_month birth_day",
    Policy: "id number customer product line premium_fen effective_date ends_date status",
    Commitment: "id customer branch owner kind occasion title standard tier triggered_at calendar_version opened_at "
    "starts_at due_at state look_again_at breached_at fulfilled_at",
    Ticket: "id number kind channel customer branch owner subject tier received_at papers_complete_at state promise "
    "closed_at",
}
CODES = ("R-4 simple", "PA-18.1.3", "PA-17.2", "PA-17.1")


def load(customers: int, tickets: int) -> float:
    """This function will write the whole book and give the seconds that it took."""
    begin = time.perf_counter()
    midnight = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0) - timedelta(days=1)
    standards = [(one.pk, one.kind) for one in map(_standard, CODES)]
    clock = rules_as_data(house_rules.current().time_rules())
    chance = random.Random(3)
    refs = (uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(customers))
    shown = (one.hex if connection.vendor == "sqlite" else str(one) for one in refs)
    with transaction.atomic():
        write(Branch, rows.branches())
        write(User, rows.staff(), password="!", is_active=True, keys_on=True)
        write(Customer, rows.customers(customers, midnight))
        write(Contact, rows.contacts(customers, shown))
        write(Policy, rows.policies(customers, midnight), frequency="annual")
        write(Commitment, rows.commitments(customers, tickets, midnight, standards), time_rules=clock)
        write(Ticket, rows.tickets(customers, tickets, midnight))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(COLUMNS)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
    return time.perf_counter() - begin


def _standard(code: str) -> ServiceStandard:
    return ServiceStandard.objects.get(code=code, active_to__isnull=True)


def write(model: type[models.Model], found: Iterable[rows.Row], **always: Any) -> None:
    """This function will write rows whose columns `COLUMNS` names; other columns get `always` or their default."""
    named = [model._meta.get_field(name) for name in COLUMNS[model].split()]
    rest = [one for one in model._meta.concrete_fields if one not in named]
    more = tuple(_plain(one, always.get(one.name, one.get_default())) for one in rest)
    columns = [connection.ops.quote_name(one.column) for one in [*named, *rest]]  # type: ignore[union-attr]
    pieces = iter(found)
    while piece := list(islice(pieces, PIECE)):
        _insert(model._meta.db_table, columns, [row + more for row in piece])


def _plain(field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    return value


def _insert(table: str, columns: Sequence[str], piece: Sequence[rows.Row]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            out = io.StringIO()
            csv.writer(out).writerows([["\\N" if one is None else one for one in row] for row in piece])
            out.seek(0)
            copy = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
            cursor.copy_expert(copy, out)
        else:
            marks = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, piece)
