"""Reads one customer's timeline, newest first, a page at a time: one query a source, however long the history is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from crm import log_lines, registry
from crm.models import Customer, LogEntry, Message, Touchpoint, User
from crm.models.message import MessageClass
from crm.registry import message_word
from crm.selectors.customers import UNTOLD
from crm.selectors.touchpoints import may_correct
from crm.timeline import TimelineItem, TimelineSource, covered

SIZE = 30
MARK = "~"


class Place(NamedTuple):
    """Where a page ends: the moment, then the source, then the row, for what happened at one moment."""

    at: datetime
    key: str
    pk: int

    def __str__(self) -> str:
        return MARK.join((self.at.isoformat(), self.key, str(self.pk)))


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline with its source and its place."""

    source: TimelineSource
    item: TimelineItem
    place: Place
    row: Any


def place_of(text: str) -> Place | None:
    """This function will read a place from an address; None where it is none."""
    parts = text.split(MARK)
    try:
        at = datetime.fromisoformat(parts[0])
        return Place(at, parts[1], int(parts[2])) if at.tzinfo else None
    except (ValueError, IndexError):
        return None


def page(
    customer: Customer,
    sources: Sequence[TimelineSource],
    *,
    user: User,
    now: datetime,
    after: Place | None = None,
    size: int = SIZE,
) -> tuple[list[Told], Place | None]:
    """This function will give the lines that follow a place, and the place of the next page if there is one."""
    found = [
        (Place(getattr(row, source.moment), source.key, row.pk), source, row)
        for source in sources
        for row in _following(source, customer, after)[: size + 1]
    ]
    found.sort(key=lambda one: (-one[0].at.timestamp(), one[0].key, -one[0].pk))
    shown = found[:size]
    items = {
        place: item
        for source in sources
        for place, item in _items(source, [one for one in shown if one[1] is source], user, now)
    }
    lines = [Told(source, items[at], at, row) for at, source, row in shown]
    return lines, lines[-1].place if len(found) > size else None


def _items(
    source: TimelineSource, shown: list[tuple[Place, TimelineSource, Any]], user: User, now: datetime
) -> Iterator[tuple[Place, TimelineItem]]:
    """The lines of one source, all its rows of the page read together."""
    rows = [row for _at, _source, row in shown]
    items = source.items(rows, user, now) if rows else []
    yield from zip([at for at, _source, _row in shown], items, strict=True)


def _following(source: TimelineSource, customer: Customer, after: Place | None) -> QuerySet[Any]:
    rows = source.rows(customer).order_by(f"-{source.moment}", "-pk")
    if after is None:
        return rows
    earlier = Q(**{f"{source.moment}__lt": after.at})
    same = Q(**{source.moment: after.at})
    if source.key == after.key:
        return rows.filter(earlier | same & Q(pk__lt=after.pk))
    return rows.filter(earlier | same) if source.key > after.key else rows.filter(earlier)


def touchpoints_of(customer: Customer) -> QuerySet[Touchpoint]:
    """This function will list what was written down by hand."""
    return customer.touchpoints.select_related("by", "contact")


def messages_to(customer: Customer) -> QuerySet[Message]:
    """This function will list the messages to the customer's people, not the notices to our own."""
    return customer.messages.exclude(message_class=MessageClass.STAFF)


def changes_of(customer: Customer) -> QuerySet[LogEntry]:
    """This function will list what was changed, without looks and without what is told elsewhere."""
    told = Q(action__in=[*registry.look_words(), *UNTOLD])
    for start in covered():
        told |= Q(action__startswith=start)
    return customer.log.exclude(told).select_related("by")


def touchpoint_item(row: Touchpoint, user: User, now: datetime) -> TimelineItem:
    """This function will read a touchpoint; who may correct it gets the link."""
    whom = f" · {row.contact.shown_name}" if row.contact else ""
    return TimelineItem(
        title=f"{row.get_kind_display()} · {row.get_direction_display()}{whom}",
        text=row.summary + (f"\n→ {row.outcome}" if row.outcome else ""),
        who=row.by.name,
        aside=row.number,
        url="edit" if may_correct(user, row, now) else "",
        event=False,
    )


def message_item(row: Message, _user: User, _now: datetime) -> TimelineItem:
    """This function will read a message by its kind and where it stands."""
    return TimelineItem(
        title=message_word(row.kind),
        text=row.reason,
        aside=f"{row.get_channel_display()} · {row.get_state_display()}",
    )


def change_items(rows: list[LogEntry], _user: User, _now: datetime) -> list[TimelineItem]:
    """This function will read rows of the log; the colleagues whom they name are read in one query."""
    return [
        TimelineItem(
            title=line.act, text="；".join(line.changes), who=line.entry.by.name if line.entry.by else ""
        )
        for line in log_lines.of(rows)
    ]
