"""Writes the log of acts. Rows are only added; nothing clear of a phone or ID number may stand in them."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from crm import trace
from crm.models import Customer, LogEntry, User


def subject_of(row: Model) -> str:
    """This function will name a row for the log: `crm.contact:12`."""
    return f"{row._meta.label_lower}:{row.pk}"


def entry(
    *,
    action: str,
    subject: Model | str,
    by: User | None,
    now: datetime,
    customer: Customer | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> LogEntry:
    """This function will make a row of the log without saving it, for `log` and `log_many`."""
    request = trace.current()
    return LogEntry(
        at=now,
        by=by,
        action=action,
        subject=subject if isinstance(subject, str) else subject_of(subject),
        customer=customer,
        before=before,
        after=after,
        reason=reason,
        request_id=request.request_id,
        address=request.address,
    )


def log(
    *,
    action: str,
    subject: Model | str,
    by: User | None,
    now: datetime,
    customer: Customer | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> LogEntry:
    """This function will write down one act, `app.noun.past_participle`, with what it changed and why.

    `before` and `after` must be plain JSON. `by` is None for the system. Each call adds a row.
    """
    row = entry(
        action=action,
        subject=subject,
        by=by,
        now=now,
        customer=customer,
        before=before,
        after=after,
        reason=reason,
    )
    row.save(force_insert=True)
    return row


def log_many(entries: list[LogEntry]) -> None:
    """This function will save many rows of the log at once; they are as final as single ones."""
    LogEntry.objects.bulk_create(entries, batch_size=500)
