"""Proposed changes of standards, and what each would have meant for promises that run. Nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.urls import reverse

from crm.models import User
from crm.selectors import calendars
from crm.time.closures import Calendars
from servicing import access
from servicing.catalogue import Entry, entry_of
from servicing.clocks import is_clock, knows_closures
from servicing.models import Commitment, ServiceStandard, StandardDraft
from servicing.models.commitment import State
from servicing.standard_changes import Change, Difference, differences, loosened
from servicing.timing import due_of, rules_from_data

SAMPLE = 50
RECENT = 5
RUNNING = (State.OPEN, State.PAUSED)


@dataclass(frozen=True, slots=True)
class WouldBe:
    """One running promise: its own date, which it keeps, and the date that the new version would have given."""

    title: str
    customer: str
    owner: str
    url: str
    due: datetime | None
    would: datetime | None

    @property
    def turn(self) -> str:
        """This function will say how the two dates lie: earlier, later, same, or paused, which has no date."""
        if self.due is None or self.would is None:
            return "paused"
        if self.would == self.due:
            return "same"
        return "earlier" if self.would < self.due else "later"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change says and what it would touch; `is_clock` is false where no date can be counted."""

    differences: tuple[Difference, ...]
    loosened: tuple[str, ...]
    running: int
    is_clock: bool
    sample: tuple[WouldBe, ...]

    @property
    def turns(self) -> dict[str, int]:
        """This function will count the sample by how the dates lie."""
        found = [one.turn for one in self.sample]
        return {turn: found.count(turn) for turn in ("earlier", "later", "same", "paused")}


def draft(pk: int) -> StandardDraft | None:
    """This function will give a proposed change with its people and versions."""
    joined = StandardDraft.objects.select_related("base", "submitted_by", "decided_by", "published")
    return joined.filter(pk=pk).first()


def open_drafts(code: str = "") -> list[StandardDraft]:
    """This function will list the changes that wait, of one standard or of all, oldest first."""
    rows = StandardDraft.objects.filter(decision="").select_related("submitted_by", "base")
    return list((rows.filter(code=code) if code else rows).order_by("pk"))


def decided_drafts(code: str) -> list[StandardDraft]:
    """This function will list the last decided changes of a standard, newest first."""
    rows = StandardDraft.objects.filter(code=code).exclude(decision="")
    return list(rows.select_related("submitted_by", "decided_by").order_by("-pk")[:RECENT])


def change_of(row: StandardDraft) -> Change:
    """This function will read a draft's row as the change that it proposes."""
    return Change(row.unit, row.amount, row.wording, tuple(row.pause_reasons), tuple(row.evidence))


def preview(user: User, base: ServiceStandard, entry: Entry) -> Preview:
    """This function will say what a change does: its differences, what it loosens, and a sample of running promises.

    Promises that run keep their version and date (rulebook X-15); the sample only shows what the new limit is like.
    A fixed number of queries, whatever runs.
    """
    before = entry_of(base)
    running = access.visible_commitments(user).filter(standard__code=base.code, state__in=RUNNING)
    counted = is_clock(entry)
    return Preview(
        differences=tuple(one for one in differences(before, entry) if one.changed),
        loosened=tuple(loosened(before, entry)),
        running=running.count(),
        is_clock=counted,
        sample=tuple(_would_be(running, entry, calendars.everywhere())) if counted else (),
    )


def _would_be(running: QuerySet[Commitment], entry: Entry, everywhere: Calendars) -> Iterator[WouldBe]:
    rows = running.select_related("customer", "owner", "branch").prefetch_related("pauses")
    for row in rows.order_by(F("due_at").asc(nulls_last=True), "pk")[:SAMPLE]:
        rules = rules_from_data(row.time_rules)
        calendar = everywhere.of(row.branch if knows_closures(entry) else None)
        would = due_of(entry, row.triggered_at, calendar=calendar, rules=rules, pauses=row.pauses.all())
        yield WouldBe(
            title=row.title,
            customer=row.customer.shown_name,
            owner=row.owner.name,
            url=reverse("servicing:commitment-receipt", args=[row.pk]),
            due=row.due_at,
            would=would.due_at,
        )
