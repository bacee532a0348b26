"""Counting running promises again: what a new calendar does to provisional ones (rulebook X-03), thousands at once.

Firm promises keep their date unless two people ask for them too. Which promises would move is read in
`selectors.settlement`.
"""

from collections import Counter, defaultdict
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from crm import bulk
from crm.models import Branch, User
from crm.time import local
from crm.time.clocks import judge
from servicing.models import Commitment, CommitmentEvent
from servicing.models.commitment import EventKind
from servicing.selectors import settlement
from servicing.selectors import terms as selector
from servicing.selectors.settlement import Case, Recount
from servicing.selectors.terms import Terms
from servicing.services import notices
from servicing.services.commitments import opening, timing
from servicing.services.notices import Notice

WRITTEN = ("due_at", "legal_latest", "provisional", "calendar_version", "calendar_branch_id", "look_again_at")
EVENT = ("kind", "at", "noticed_at", "by_id", "detail")


class Counted(NamedTuple):
    """How many promises were counted again, how many of them changed, and how many have another due time."""

    counted: int
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
    terms = selector.in_force()
    counting, write = settlement.Counting(terms), _Writing(kind, by=by, now=now)
    late = cache(lambda case: judge(case.former, now) == "broken")
    counted, changed, moved = 0, 0, list[Recount]()
    for piece in settlement.in_pieces(settlement.affected(branch, firm=firm), held=True):
        running = [one for one in counting.again(piece) if not late(one.case)]
        news = [one for one in running if one.case.says_more]
        write(news)
        counted, changed = counted + len(running), changed + len(news)
        moved += [one for one in news if one.case.moved]
    _note_ceilings(moved, now=now)
    _tell(moved, why, terms, now=now)
    return Counted(counted, changed, len(moved))


class _Writing:
    """Writes recounted promises and an event each; what a case sets is worked out once."""

    def __init__(self, kind: EventKind, *, by: User | None, now: datetime) -> None:
        self.kind, self.by, self.now = kind, by, now
        self._known: dict[Case, tuple[tuple[Any, ...], tuple[Any, ...]]] = {}

    def __call__(self, news: list[Recount]) -> None:
        values, events = [], []
        for one in news:
            if one.case not in self._known:
                self._known[one.case] = self._of(one.case)
            fields, event = self._known[one.case]
            values.append((one.pk, fields))
            events.append((one.pk, event))
        bulk.update_rows(Commitment, WRITTEN, values, count="version")
        bulk.insert_rows(CommitmentEvent, "commitment", EVENT, events)

    def _of(self, case: Case) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        found = timing.counted(case.stand_in, case.due, case.terms, now=self.now)
        branch = found["calendar_branch"]
        found["calendar_branch_id"] = branch.pk if branch else None
        detail = {"former_due": case.former.isoformat(), "due_at": found["due_at"].isoformat()}
        event = (self.kind, self.now, self.now, self.by.pk if self.by else None, detail)
        return tuple(found[name] for name in WRITTEN), event


def _note_ceilings(moved: list[Recount], *, now: datetime) -> None:
    """A promise that a new count moved beyond the law's ceiling says so; most have none and are never read again."""
    keys = [one.pk for one in moved]
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
    number, first = Counter(one.owner_id for one in moved), dict[int, Recount]()
    for one in moved:
        known = first.get(one.owner_id)
        if known is None or (one.case.former, one.pk) < (known.case.former, known.pk):
            first[one.owner_id] = one
    named = Commitment.objects.only("title").in_bulk([one.pk for one in first.values()])
    owners = User.objects.filter(pk__in=first, is_active=True)
    notices.tell_each(
        [
            Notice(
                owner,
                _words(first[owner.pk], named, number[owner.pk] - 1, why),
                about=first[owner.pk].pk if number[owner.pk] == 1 else None,
            )
            for owner in owners
        ],
        kind="redated",
        now=now,
        terms=terms,
    )


def _words(first: Recount, named: dict[int, Commitment], others: int, why: str) -> str:
    assert first.case.due.due_at is not None
    told = {
        "why": why,
        "title": named[first.pk].title,
        "old": f"{local(first.case.former):%Y-%m-%d}",
        "new": f"{local(first.case.due.due_at):%Y-%m-%d}",
        "n": others,
    }
    if others:
        return _("%(why)s，“%(title)s”的到期日由 %(old)s 改为 %(new)s；另有 %(n)d 项承诺也改了期。") % told
    return _("%(why)s，“%(title)s”的到期日由 %(old)s 改为 %(new)s。") % told
