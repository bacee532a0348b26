"""Which books a person imported, read from the log of acts."""

from dataclasses import dataclass
from datetime import datetime

from crm.models import LogEntry, User


@dataclass(frozen=True, slots=True)
class Batch:
    """One import that was carried out."""

    number: str
    at: datetime
    file: str
    counts: dict[str, int]


def latest(user: User, most: int) -> list[Batch]:
    """This function will list the person's newest imports, in one query."""
    entries = LogEntry.objects.filter(by=user, action="crm.book.imported").order_by("-id")[:most]
    return [
        Batch(
            number=entry.subject.partition(":")[2],
            at=entry.at,
            file=str((entry.after or {}).get("file", "")),
            counts={key: count for key, count in (entry.after or {}).items() if isinstance(count, int)},
        )
        for entry in entries
    ]
