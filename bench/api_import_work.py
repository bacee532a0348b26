"""What the bench of sent rows does inside its installation."""

from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter
from typing import Any

from django.utils import timezone

from crm.api.row_shapes import MOST_ROWS
from crm.models import Customer, Policy, Premium
from tests.factories import crm as make
from tests.factories.api import Machine, machine

Row = dict[str, Any]
FIRST = date(2026, 1, 1)


def customer(n: int) -> Row:
    """This function will write a new customer as its system sends it."""
    return {"kind": "organisation", "name": f"滨海第{n}机械有限公司", "branch": "120101", "owner": "lin"}


def premium(n: int) -> Row:
    """This function will write a premium of one of a hundred policies."""
    day = FIRST + timedelta(days=n % 60)
    return {"policy": f"P{n % 100}", "paid_on": day.isoformat(), "amount": "1200.50", "policy_year": 1}


def measure(batches: int, single: int) -> dict[str, dict[str, Any]]:
    """This function will send customers, then premiums: in batches, the same again, one by one, and bare."""
    make.person("lin")
    client = machine(make.person("guo", role="branch_manager"))
    client.defaults["SERVER_NAME"] = "localhost"
    found = {"customers": _send(client, "customers", customer, batches, single)}
    found["customers"] |= _against(found["customers"], _bare(Customer.objects.order_by("pk"), "number"))
    keeper = Customer.objects.order_by("pk")[0]
    for n in range(100):
        make.policy(keeper, number=f"P{n}", now=timezone.now())
    found["premiums"] = _send(client, "premiums", premium, batches, single)
    found["premiums"] |= _against(found["premiums"], _bare(Premium.objects.order_by("pk"), "number"))
    assert Policy.objects.count() == 100
    return found


def _send(client: Machine, noun: str, row: Callable[[int], Row], batches: int, single: int) -> dict[str, Any]:
    many = [
        [{"external_id": f"{noun}-{n}", **row(n)} for n in range(start, start + MOST_ROWS)]
        for start in range(0, batches * MOST_ROWS, MOST_ROWS)
    ]
    new = _batches(client, noun, many, "created")
    again = _batches(client, noun, many, "unchanged")
    begin = perf_counter()
    for n in range(single):
        answer = client.call("PUT", f"/api/v1/{noun}/core/one-{n}", row(n))
        assert answer.status_code == 201, answer.content
    return {
        "new rows/s": new,
        "unchanged rows/s": again,
        "single PUTs/s": round(single / (perf_counter() - begin)),
    }


def _batches(client: Machine, noun: str, many: list[list[Row]], outcome: str) -> int:
    begin = perf_counter()
    for rows in many:
        body = {"source": "core", "noun": noun, "rows": rows}
        answer = client.call("POST", "/api/v1/imports", body).json()
        assert answer["counts"][outcome] == len(rows), answer
    return round(sum(map(len, many)) / (perf_counter() - begin))


def _bare(standing: Any, unique: str) -> int:
    """This function will insert copies of the rows that were sent, and nothing else."""
    rows = list(standing)
    for row in rows:
        row.pk = None
        setattr(row, unique, f"B-{getattr(row, unique)}")
    begin = perf_counter()
    standing.model.objects.bulk_create(rows, batch_size=MOST_ROWS)
    return round(len(rows) / (perf_counter() - begin))


def _against(sent: dict[str, Any], bare: int) -> dict[str, Any]:
    return {
        "bare rows/s": bare,
        "times the bare insert": round(bare / sent["new rows/s"], 1),
        "times single PUTs": round(sent["new rows/s"] / sent["single PUTs/s"], 1),
    }
