"""The three steps of the import page: check an upload, commit it, forget old ones."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crm import rights
from crm.book import uploads, writing
from crm.book.tables import Table
from crm.book.uploads import Upload
from crm.models import User
from crm.refusal import Refusal
from crm.services.book.committing import commit_file
from crm.services.book.planning import Plan, plan_file
from crm.services.runs import Outcome
from crm.time import local

MOST_CAUSES = 50
CHECKED, WORKING, DONE = "checked", "working", "done"


def check_upload(*, chunks: Iterable[bytes], name: str, by: User, now: datetime) -> str:
    """This function will keep an uploaded file, plan it, and return the token of its page.

    A file that is refused is not kept. Writes no customer.
    """
    rights.require(by, "import_book")
    uploads.drop_old(now=now)
    upload = uploads.keep(chunks, name=name, by=by)
    try:
        plan = plan_file(path=upload.waiting, name=upload.name, by=by, now=now)
        _note(upload, plan, CHECKED)
    except Refusal:
        uploads.drop(upload)
        raise
    return upload.token


def commit_upload(*, upload: Upload, by: User, now: datetime) -> None:
    """This function will carry out a checked upload; a second call while or after it runs does nothing.

    The file is dropped afterwards, the list of failures stays for a day.
    """
    rights.require(by, "import_book")
    path = upload.claim()
    if path is None:
        return
    upload.note({**upload.summary(), "state": WORKING})
    try:
        plan = commit_file(path=path, name=upload.name, by=by, now=now)
        _note(upload, plan, DONE)
    finally:
        path.unlink(missing_ok=True)


def forget_uploads(*, now: datetime) -> Outcome:
    """This function will delete uploads of more than a day ago."""
    return Outcome(done=uploads.drop_old(now=now))


def _note(upload: Upload, plan: Plan, state: str) -> None:
    """This function will keep what the page shows of a plan, and its list of failures."""
    upload.failures.write_bytes(writing.failures(plan.tables))
    causes = plan.causes()
    upload.note(
        {
            "state": state,
            "at": local(plan.scope.now).isoformat(timespec="seconds"),
            "batch": plan.scope.batch,
            "counts": plan.counts(),
            "sheets": [{"title": table.title, **_sheet(plan, table)} for table in plan.tables],
            "causes": [
                {
                    "sheet": cause.sheet,
                    "reason": str(cause.reason),
                    "count": cause.count,
                    "rows": list(cause.rows),
                }
                for cause in causes[:MOST_CAUSES]
            ],
            "more_causes": max(len(causes) - MOST_CAUSES, 0),
            "aside": plan.aside,
            "hidden_rows": plan.hidden_rows,
            "hidden_sheets": plan.hidden_sheets,
            "encoding": plan.encoding,
        }
    )


def _sheet(plan: Plan, table: Table) -> dict[str, Any]:
    return {"sheet": table.sheet.title, "unknown": table.unknown, "counts": plan.counts(table)}
