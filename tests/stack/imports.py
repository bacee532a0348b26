"""What the killed-imports test does inside an installation: hand a book in, confirm it, digest what stands."""

import csv
import hashlib
import io
import json
from collections import Counter
from typing import Any

from django.utils import timezone

from crm import queue
from crm.models import Contact, Customer, ImportBatch, ImportRow, LogEntry, LongJob, User
from crm.services import book
from tests.factories import crm as make

HEADER = ("客户号", "类型", "名称", "机构代码", "客户经理工号")


def rows(count: int) -> bytes:
    """This function will write a csv of customers: every 97th row is wrong, every 89th said twice."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for n in range(count):
        number = n - 1 if n % 89 == 1 else n
        branch = "999999" if n % 97 == 5 else "120101"
        writer.writerow((f"K{number:06d}", "单位", f"滨海第{number}机械有限公司", branch, "lin"))
    return out.getvalue().encode()


def hand_in(count: int) -> None:
    """This function will hand a book in; the worker tries it out."""
    make.person("lin")
    manager = make.person("guo", role="branch_manager")
    book.hand_in(chunks=[rows(count)], name="客户.csv", by=manager, now=timezone.now())


def confirm() -> None:
    """This function will confirm the book; the worker writes it."""
    batch = ImportBatch.objects.get()
    book.confirm(batch=batch, mode="both", by=User.objects.get(username="guo"), now=timezone.now())


def state() -> dict[str, Any]:
    """This function will say how far the newest work has come."""
    job = LongJob.objects.latest("pk")
    batch = ImportBatch.objects.get()
    return {"batch": batch.state, "job": job.state, "done": job.done, "note": job.note}


def nudge() -> None:
    """This function will do what the next tick would."""
    queue.run_soon("crm.work_on_jobs")


def digest() -> dict[str, Any]:
    """This function will digest everything that the import wrote, but for ids and the moment of the run."""
    batch = ImportBatch.objects.get()
    moments = set(Customer.objects.values_list("created_at", flat=True).distinct())
    log = LogEntry.objects.values_list("action", "customer__number", "before", "after", "reason")
    found = {
        "customers": list(
            Customer.objects.order_by("number").values_list(
                "number", "name", "name_initials", "branch__code", "owner__username", "stage", "version"
            )
        ),
        "contacts": list(Contact.objects.order_by("pk").values_list("customer__number", "name")),
        "rows": list(
            ImportRow.objects.order_by("sheet", "number").values_list("sheet", "number", "outcome", "reasons")
        ),
        "log": sorted(
            json.dumps([a, c, b, after, r.replace(batch.number, "")], default=str, sort_keys=True)
            for a, c, b, after, r in log.filter(action__startswith="crm.customer")
        ),
        "report": {k: v for k, v in batch.report.items() if k not in {"at"}},
        "one moment": moments == {batch.committed_at},
    }
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, default=str)
    counts = Counter(one[2] for one in found["rows"])
    return {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "customers": len(found["customers"]),
        "new": counts["new"],
        "one moment": found["one moment"],
        "state": batch.state,
    }
