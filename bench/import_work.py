"""What the import bench does inside its installation."""

import io
import resource
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import xlsxwriter
from django.conf import settings
from django.test import Client
from django.utils import timezone

from crm.models import Customer, ImportBatch, User
from crm.services import book, long_jobs
from tests.factories import crm as make

HEADER = ("客户号", "类型", "名称", "机构代码", "客户经理工号")
MEGABYTE = 1024


def prepare(rows: int) -> None:
    """This function will make the people, and two books of new customers as files."""
    make.person("lin")
    make.person("guo", role="branch_manager")
    for part in (1, 2):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
            page = workbook.add_worksheet("客户")
            page.write_row(0, 0, HEADER)
            for n in range(1, rows + 1):
                page.write_row(n, 0, (f"K{part}{n:06d}", "单位", f"滨海第{n}机械有限公司", "120101", "lin"))
        with _file(part).open("wb") as file:
            file.write(out.getvalue())


def _file(part: int) -> Path:
    Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    return Path(settings.VAR) / f"bench-{part}.xlsx"


def _work() -> float:
    started = time.perf_counter()
    while long_jobs.work(clock=timezone.now).done:
        pass
    return time.perf_counter() - started


def _import(part: int) -> dict[str, float]:
    manager, now = User.objects.get(username="guo"), timezone.now()
    batch, _new = book.hand_in(chunks=[_file(part).read_bytes()], name="客户.xlsx", by=manager, now=now)
    checked = _work()
    batch.refresh_from_db()
    book.confirm(batch=batch, mode="both", by=manager, now=timezone.now())
    return {"dry run, s": round(checked, 1), "writing, s": round(_work(), 1)}


def alone() -> dict[str, Any]:
    """This function will import the first book with nobody else there, then insert as many bare rows."""
    found: dict[str, Any] = _import(1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // MEGABYTE
    rows = list(Customer.objects.filter(number__startswith="K1"))
    for row in rows:
        row.pk, row.number = None, f"B{row.number}"
    started = time.perf_counter()
    Customer.objects.bulk_create(rows, batch_size=500)
    bare = time.perf_counter() - started
    ratio = round((found["dry run, s"] + found["writing, s"]) / bare, 1)
    counts = ImportBatch.objects.get().report["counts"]
    return {
        **found,
        "rows written": counts["new"],
        "peak RSS of the worker, MB": peak,
        "peak RSS of the reader, MB": child,
        "bare bulk insert, s": round(bare, 2),
        "times the bare insert": ratio,
    }


def again() -> dict[str, float]:
    """This function will import the second book while somebody reads pages."""
    return _import(2)


def pages(count: int) -> dict[str, float]:
    """This function will open the customer list again and again, and give the milliseconds."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="lin"))
    taken = []
    for _one in range(count):
        started = time.perf_counter()
        assert client.get("/customers/").status_code == 200
        taken.append(1000 * (time.perf_counter() - started))
    cut = quantiles(taken, n=20)
    return {"p50 ms": round(cut[9]), "p95 ms": round(cut[18]), "max ms": round(max(taken))}
