"""Which running promises new calendars would date again, and to when (rulebook X-03). Nothing is written."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from heapq import nsmallest
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
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
PIECE = 20_000
AS_TEXT = ("triggered_at", "time_rules", "due_at", "legal_latest", "provisional")
READ = ("pk", "owner_id", "branch_id", "standard_id", *(f"{name}_text" for name in AS_TEXT))
Read = tuple[Any, ...]


@dataclass(eq=False, slots=True)
class Case:
    """What promises share that began together under one standard and fall due together: counted once for all of them.

    `stand_in` is one of them, as far as a clock reads it; `former` the due time that they have. `moved` where the due
    time is another one, `says_more` where the count says anything that the rows do not say already.
    """

    stand_in: Commitment
    former: datetime
    due: Due
    terms: Terms
    moved: bool = field(init=False)
    says_more: bool = field(init=False)

    def __post_init__(self) -> None:
        """This function will compare the count with what the rows say."""
        row, due = self.stand_in, self.due
        self.moved = due.due_at != self.former
        self.says_more = self.moved or (row.provisional, row.legal_latest) != (
            due.provisional,
            due.legal_latest,
        )


class Recount(NamedTuple):
    """One running promise counted again."""

    pk: int
    owner_id: int
    case: Case


def affected(branch: Branch | None, *, firm: bool) -> QuerySet[Commitment]:
    """This function will find the running promises that a new calendar counts again.

    Those whose date a missing notice leaves open, and the firm ones if somebody wants it; of the country, or of a
    branch and all below it.
    """
    rows = Commitment.objects.filter(state=State.OPEN, breached_at__isnull=True)
    rows = rows if firm else rows.filter(provisional=True)
    if branch is None:
        return rows
    # named one by one: rows that are to be held are joined to nothing
    below = Branch.objects.filter(path__startswith=branch.path).values_list("pk", flat=True)
    return rows.filter(branch__in=list(below))


def impact(everywhere: Calendars, branch: Branch | None, firm: bool) -> CalendarImpact:
    """This function will count which promises calendars would date again and move, soonest first.

    The same promises as `commitments.settle` counts again; a fixed number of queries for every piece of them.
    """
    terms = Terms(everywhere, house_rules.current())
    settled, moved = 0, []
    for one in recounted(affected(branch, firm=firm), terms):
        settled += 1
        if one.case.moved:
            moved.append(one)
    first = nsmallest(SHOWN, moved, key=lambda one: (one.case.former, one.pk))
    return CalendarImpact(settled, len(moved), tuple(_shown(first)))


def recounted(rows: QuerySet[Commitment], terms: Terms) -> Iterator[Recount]:
    """This function will count promises again under some terms, in the order of their ids; clocks only."""
    count = Counting(terms)
    for piece in in_pieces(rows):
        yield from count.again(piece)


def in_pieces(rows: QuerySet[Commitment], *, held: bool = False) -> Iterator[list[Read]]:
    """This function will read what a count needs of promises, some thousand at a time, in the order of their ids.

    `held` keeps them until the transaction ends; whoever changed one meanwhile is waited for and read.
    """
    # as text: what thousands share is read and compared as it stands, and made into instants once
    told = {f"{name}_text": Cast(name, TextField()) for name in AS_TEXT}
    found = rows.order_by("pk").annotate(**told).values_list(*READ)
    found = found.select_for_update(no_key=True) if held else found
    last = 0
    while piece := list(found.filter(pk__gt=last)[:PIECE]):
        last = piece[-1][0]
        yield piece


class Counting:
    """Counts promises again under some terms. What many have in common is counted once, and kept until the end."""

    def __init__(self, terms: Terms) -> None:
        """This function will read the standards, and the branches that have closed days of their own."""
        self.terms = terms
        self._standards = {one.pk: one for one in ServiceStandard.objects.all() if is_clock(one)}
        self._closed = {one.pk: one for one in Branch.objects.all() if _has_own_days(terms, one)}
        self._cases: dict[tuple[Any, ...], Case] = {}

    def again(self, piece: list[Read]) -> Iterator[Recount]:
        """This function will count a piece of promises again; one query for the pauses of all."""
        pauses: dict[int, list[Pause]] = defaultdict(list)
        found = Pause.objects.filter(commitment_id__gte=piece[0][0], commitment_id__lte=piece[-1][0])
        for pause in found.filter(commitment__state=State.OPEN):
            pauses[pause.commitment_id].append(pause)
        for pk, owner, branch, *inputs in piece:
            if inputs[0] not in self._standards:
                continue
            place = self._closed.get(branch)
            if pk in pauses:
                yield Recount(pk, owner, self._case(place, inputs, pauses[pk]))
                continue
            key = (place and place.pk, *inputs)
            if key not in self._cases:
                self._cases[key] = self._case(place, inputs, ())
            yield Recount(pk, owner, self._cases[key])

    def _case(self, place: Branch | None, inputs: list[Any], pauses: Iterable[Pause]) -> Case:
        standard, triggered_at, rules, former, latest, provisional = inputs
        terms = self.terms.at(place)
        row = Commitment(
            standard=self._standards[standard],
            triggered_at=_instant(triggered_at),
            time_rules=json.loads(rules),
            provisional=provisional in ("true", "1"),
            legal_latest=date.fromisoformat(latest) if latest else None,
        )
        due = due_of(
            row.standard,
            row.triggered_at,
            calendar=terms.counting(row.standard),
            rules=rules_from_data(row.time_rules),
            pauses=pauses,
        )
        return Case(row, _instant(former), due, terms)


def _instant(text: str) -> datetime:
    """An instant as a database writes it; one without a zone is in UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _has_own_days(terms: Terms, branch: Branch) -> bool:
    return terms.calendars.of(branch) is not terms.calendars.national


def _shown(moved: list[Recount]) -> Iterator[MovedDate]:
    """The recounts with their customers and owners, read at once."""
    full = Commitment.objects.select_related("customer", "owner").in_bulk([one.pk for one in moved])
    for one in moved:
        row = full[one.pk]
        yield MovedDate(
            title=row.title,
            customer=row.customer.shown_name,
            owner=row.owner.name,
            url=reverse("servicing:commitment-receipt", args=[row.pk]),
            former=one.case.former,
            due=one.case.due.due_at or one.case.former,
        )


def with_family(keys: list[int]) -> QuerySet[Commitment]:
    """This function will keep, of some promises, those beside which another one runs for the same occasion."""
    same = Commitment.objects.filter(customer=OuterRef("customer"), occasion=OuterRef("occasion"))
    other = same.running().exclude(pk=OuterRef("pk"))
    # keys are numbers; thousands of parameters would be slow
    return Commitment.objects.filter(Exists(other), pk__in=RawSQL(",".join(map(str, keys)), ()))
