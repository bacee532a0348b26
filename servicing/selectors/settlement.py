"""Which running promises new calendars would date again, and to when (rulebook X-03). Nothing is written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from crm.models import Branch
from crm.registry import CalendarImpact, MovedDate
from crm.selectors import house_rules
from crm.time.clocks import Due
from crm.time.closures import Calendars
from servicing.clocks import is_clock
from servicing.models import Commitment, Pause, ServiceStandard
from servicing.models.commitment import State
from servicing.selectors.terms import Terms
from servicing.timing import due_of, rules_from_data

SHOWN = 50
PIECE = 2_000


@dataclass(frozen=True, slots=True)
class Recount:
    """One running promise counted again; `former` is the due time that it has."""

    promise: Commitment
    former: datetime
    due: Due

    @property
    def moved(self) -> bool:
        """This function will say whether the due time is another one."""
        return self.due.due_at != self.former


def affected(branch: Branch | None, *, firm: bool) -> QuerySet[Commitment]:
    """This function will find the running promises that a new calendar counts again.

    Those whose date a missing notice leaves open, and the firm ones if somebody wants it; of the country, or of a
    branch and all below it.
    """
    rows = Commitment.objects.filter(state=State.OPEN, breached_at__isnull=True)
    rows = rows if firm else rows.filter(provisional=True)
    return rows.filter(branch__path__startswith=branch.path) if branch else rows


def impact(everywhere: Calendars, branch: Branch | None, firm: bool) -> CalendarImpact:
    """This function will count which promises calendars would date again and move, soonest first.

    The same promises as `commitments.settle` counts again; a fixed number of queries for every piece of them.
    """
    terms = Terms(everywhere, house_rules.current())
    settled, moved = 0, []
    for one in recounted(affected(branch, firm=firm).order_by("due_at", "pk"), terms):
        settled += 1
        if one.moved:
            moved.append(one)
    return CalendarImpact(settled, len(moved), tuple(map(_shown, _named(moved[:SHOWN]))))


def recounted(rows: QuerySet[Commitment], terms: Terms) -> Iterator[Recount]:
    """This function will count promises again under some terms, in the order of the query; clocks only.

    Standards, branches and pauses are read once a piece, so that a hundred thousand promises are quick.
    """
    found = rows.select_related("branch").iterator(chunk_size=PIECE)
    while piece := list(islice(found, PIECE)):
        yield from recounted_piece(piece, terms)


def recounted_piece(piece: list[Commitment], terms: Terms) -> Iterator[Recount]:
    """This function will count some promises again that are in memory, with their branches."""
    standards = ServiceStandard.objects.in_bulk({row.standard_id for row in piece})
    pauses: dict[int, list[Pause]] = {}
    for pause in Pause.objects.filter(commitment__in=piece):
        pauses.setdefault(pause.commitment_id, []).append(pause)
    for row in piece:
        row.standard = standards[row.standard_id]
        if row.due_at is None or not is_clock(row.standard):
            continue
        due = due_of(
            row.standard,
            row.triggered_at,
            calendar=terms.at(row.branch).counting(row.standard),
            rules=rules_from_data(row.time_rules),
            pauses=pauses.get(row.pk, ()),
        )
        yield Recount(row, row.due_at, due)


def _named(moved: list[Recount]) -> list[Recount]:
    """The recounts with their customers and owners, read at once."""
    keys = [one.promise.pk for one in moved]
    full = Commitment.objects.select_related("customer", "owner").in_bulk(keys)
    return [Recount(full[one.promise.pk], one.former, one.due) for one in moved]


def _shown(one: Recount) -> MovedDate:
    row = one.promise
    return MovedDate(
        title=row.title,
        customer=row.customer.shown_name,
        owner=row.owner.name,
        url=reverse("servicing:commitment-receipt", args=[row.pk]),
        former=one.former,
        due=one.due.due_at or one.former,
    )


def with_family(keys: list[int]) -> QuerySet[Commitment]:
    """This function will keep, of some promises, those beside which another one runs for the same occasion."""
    same = Commitment.objects.filter(customer=OuterRef("customer"), occasion=OuterRef("occasion"))
    other = same.running().exclude(pk=OuterRef("pk"))
    return Commitment.objects.filter(Exists(other), pk__in=keys)


def keys_in_pieces(rows: QuerySet[Commitment]) -> Iterable[list[int]]:
    """This function will list the keys of some promises in pieces, in the order in which they are locked."""
    keys = iter(list(rows.order_by("pk").values_list("pk", flat=True)))
    return iter(lambda: list(islice(keys, PIECE)), [])
