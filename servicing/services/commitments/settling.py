"""Counting running promises again: what a new calendar does to provisional ones (rulebook X-03), thousands at once.

Firm promises keep their date unless two people ask for them too. Which promises would move is read in
`selectors.settlement`.
"""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm import bulk
from crm.models import Branch, User
from crm.time import local
from servicing.models import Commitment, CommitmentEvent
from servicing.models.commitment import EventKind
from servicing.selectors import settlement
from servicing.selectors import terms as selector
from servicing.selectors.settlement import Recount
from servicing.selectors.terms import Terms
from servicing.services import notices
from servicing.services.commitments import ledger, opening, timing

WRITTEN = ("due_at", "legal_latest", "provisional", "calendar_version", "calendar_branch_id", "look_again_at")


class Counted(NamedTuple):
    """How many promises a new count changed, and how many of those have another due time."""

    changed: int
    moved: int


@transaction.atomic
def settle(
    *, why: str, now: datetime, branch: Branch | None = None, firm: bool = False, by: User | None = None
) -> Counted:
    """This function will count running promises again under the calendars in force: provisional ones, or firm ones too.

    With a branch, those of the branch and all below it. Old and new due times are written as an event, owners of
    moved promises are told `why`, each once; closed, breached and overdue promises are not judged again. Running it
    twice changes nothing more.
    """
    kind = EventKind.REDATED if firm else EventKind.SETTLED
    return _count_again(settlement.affected(branch, firm=firm), kind, why, by=by, now=now)


def _count_again(
    rows: QuerySet[Commitment], kind: EventKind, why: str, *, by: User | None, now: datetime
) -> Counted:
    terms = selector.in_force()
    changed, moved = 0, list[Recount]()
    for keys in settlement.keys_in_pieces(rows):
        ledger.lock(keys)
        held = rows.select_related("branch").filter(pk__in=keys).order_by("pk")
        piece = [row for row in held if not ledger.is_late(row, now)]
        news = [one for one in settlement.recounted_piece(piece, terms) if _says_more(one)]
        changed += _write(news, kind, terms, by=by, now=now)
        moved += [one for one in news if one.moved]
    _note_ceilings(moved, now=now)
    _tell(moved, why, terms, now=now)
    return Counted(changed, len(moved))


def _says_more(one: Recount) -> bool:
    """Whether the count says anything that the row does not say already."""
    row, due = one.promise, one.due
    return one.moved or (row.provisional, row.legal_latest) != (due.provisional, due.legal_latest)


def _write(news: list[Recount], kind: EventKind, terms: Terms, *, by: User | None, now: datetime) -> int:
    values, events = [], []
    for one in news:
        row = one.promise
        found = timing.counted(row, one.due, terms.at(row.branch), now=now)
        branch = found["calendar_branch"]
        found["calendar_branch_id"] = branch.pk if branch else None
        values.append((row.pk, *(found[name] for name in WRITTEN)))
        detail = {"former_due": one.former.isoformat(), "due_at": found["due_at"].isoformat()}
        events.append(
            CommitmentEvent(commitment_id=row.pk, kind=kind, at=now, noticed_at=now, by=by, detail=detail)
        )
    bulk.update_rows(Commitment, WRITTEN, values, count="version")
    CommitmentEvent.objects.bulk_create(events, batch_size=settlement.PIECE)
    return len(news)


def _note_ceilings(moved: list[Recount], *, now: datetime) -> None:
    """A promise that a new count moved beyond the law's ceiling says so; most have none and are never read again."""
    keys = [one.promise.pk for one in moved]
    for start in range(0, len(keys), settlement.PIECE):
        piece = keys[start : start + settlement.PIECE]
        rows = settlement.with_family(piece).select_related("standard").in_bulk()
        families: dict[tuple[int, str], list[Commitment]] = defaultdict(list)
        others = Commitment.objects.filter(customer_id__in={row.customer_id for row in rows.values()})
        for row in others.running().select_related("standard") if rows else ():
            families[row.customer_id, row.occasion].append(row)
        for row in rows.values():
            family = [one for one in families[row.customer_id, row.occasion] if one.pk != row.pk]
            opening.note_ceiling(row, family, now=now)


def _tell(moved: list[Recount], why: str, terms: Terms, *, now: datetime) -> None:
    """One notice to each owner, however many promises moved: the earliest is named."""
    mine: dict[int, list[Recount]] = defaultdict(list)
    for one in sorted(moved, key=lambda one: (one.former, one.promise.pk)):
        mine[one.promise.owner_id].append(one)
    for owner in User.objects.filter(pk__in=mine, is_active=True):
        first, others = mine[owner.pk][0], len(mine[owner.pk]) - 1
        body = _words(first, others, why)
        if others:
            notices.tell_of_work([owner], kind="redated", body=body, now=now, terms=terms)
        else:
            notices.tell(first.promise, [owner], kind="redated", body=body, now=now, terms=terms)


def _words(first: Recount, others: int, why: str) -> str:
    assert first.due.due_at is not None
    told = {
        "why": why,
        "title": first.promise.title,
        "old": f"{local(first.former):%Y-%m-%d}",
        "new": f"{local(first.due.due_at):%Y-%m-%d}",
        "n": others,
    }
    if others:
        return _("%(why)s，“%(title)s”的到期日由 %(old)s 改为 %(new)s；另有 %(n)d 项承诺也改了期。") % told
    return _("%(why)s，“%(title)s”的到期日由 %(old)s 改为 %(new)s。") % told
