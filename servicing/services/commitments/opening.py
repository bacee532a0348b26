"""How a promise is made: with a clock that runs from an event, or with a window that a planner gives."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from crm.models import Branch, Customer, Policy, User
from crm.time import local
from servicing import due as ladders
from servicing.models import Commitment, ServiceStandard
from servicing.models.commitment import EventKind, State
from servicing.models.standard import Authority
from servicing.selectors import terms as selector
from servicing.selectors.terms import Terms
from servicing.services.commitments import ledger, timing
from servicing.timing import due_of, rules_as_data


@transaction.atomic
def open_clocked(
    *,
    customer: Customer,
    standard: ServiceStandard,
    occasion: str,
    title: str,
    triggered_at: datetime,
    owner: User,
    tier: str,
    now: datetime,
    by: User | None = None,
    policy: Policy | None = None,
    branch: Branch | None = None,
    channel: str = "",
    terms: Terms | None = None,
) -> Commitment:
    """This function will open a promise whose due time is counted from `triggered_at` by the standard's limit.

    The same customer, kind and occasion again returns the promise that stands. The tier is the one on the
    trigger's date (rulebook X-15). A due time after the law's ceiling is written down, never refused.
    `terms` is for callers that open several and read the calendar once.
    """
    terms = (terms or selector.in_force()).at(branch or customer.branch)
    rules = terms.rules.time_rules(channel)
    triggered_at = triggered_at.replace(microsecond=0)
    due = due_of(standard, triggered_at, calendar=terms.counting(standard), rules=rules)
    assert due.due_at is not None  # only an open pause leaves a due time unknown
    return _open(
        _draft(customer, standard, occasion, title, owner, tier, branch),
        terms=terms,
        now=now,
        by=by,
        policy=policy,
        triggered_at=triggered_at,
        starts_at=triggered_at,
        due_at=due.due_at,
        legal_latest=due.legal_latest,
        provisional=due.provisional,
        **timing.counted_by(standard, terms),
        time_rules=rules_as_data(rules),
    )


@transaction.atomic
def open_windowed(
    *,
    customer: Customer,
    standard: ServiceStandard,
    occasion: str,
    title: str,
    starts_at: datetime,
    due_at: datetime,
    owner: User,
    tier: str,
    now: datetime,
    by: User | None = None,
    policy: Policy | None = None,
) -> Commitment:
    """This function will open a promise that is kept inside a given window, e.g. a birthday greeting.

    The same customer, kind and occasion again returns the promise that stands.
    """
    terms = selector.in_force(customer.branch)
    return _open(
        _draft(customer, standard, occasion, title, owner, tier, None),
        terms=terms,
        now=now,
        by=by,
        policy=policy,
        triggered_at=starts_at,
        starts_at=starts_at,
        due_at=due_at,
        **timing.counted_by(standard, terms),
        time_rules=rules_as_data(terms.rules.time_rules()),
    )


def _draft(
    customer: Customer,
    standard: ServiceStandard,
    occasion: str,
    title: str,
    owner: User,
    tier: str,
    branch: Branch | None,
) -> Commitment:
    return Commitment(
        customer=customer,
        standard=standard,
        kind=standard.kind,
        occasion=occasion,
        title=title[:120],
        owner=owner,
        tier=tier,
        branch=branch or customer.branch,
    )


def _open(
    draft: Commitment, *, terms: Terms, now: datetime, by: User | None, due_at: datetime, **fields: Any
) -> Commitment:
    family = of_occasion(draft)
    standing = same_kind(draft, family)
    if standing is not None:
        return standing
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.opened_at, draft.due_at = now, due_at
    # A promise recorded after its due time is looked at in the next sweep; no rung of its ladder is lost.
    draft.look_again_at = ladders.next_look(timing.moments(draft, due_at, terms), draft.triggered_at)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        standing = same_kind(draft, of_occasion(draft))  # made by somebody else since we looked
        if standing is None:
            raise
        return standing
    ledger.record(
        draft, EventKind.OPENED, at=now, now=now, by=by, due_at=due_at, standard=str(draft.standard)
    )
    note_ceiling(draft, family, now=now)
    return draft


def of_occasion(row: Commitment) -> list[Commitment]:
    """This function will list the other promises of the customer for the same occasion: the company's and the law's."""
    family = Commitment.objects.filter(customer_id=row.customer_id, occasion=row.occasion)
    return list(family.exclude(pk=row.pk).select_related("standard"))


def same_kind(row: Commitment, family: list[Commitment]) -> Commitment | None:
    """This function will find the one of an occasion's promises that is of the row's kind; there is at most one."""
    return next((one for one in family if one.kind == row.kind), None)


def note_ceiling(row: Commitment, family: list[Commitment], *, now: datetime) -> None:
    """This function will write an event on a company promise that falls due after the law's ceiling, once per due time."""
    for other in family:
        if other.state != State.OPEN or other.due_at is None or row.due_at is None:
            continue
        if row.standard.authority == Authority.COMPANY and other.standard.authority == Authority.STATUTORY:
            _note(row, ceiling=other, now=now)
        if row.standard.authority == Authority.STATUTORY and other.standard.authority == Authority.COMPANY:
            _note(other, ceiling=row, now=now)


def _note(promise: Commitment, *, ceiling: Commitment, now: datetime) -> None:
    assert promise.due_at is not None and ceiling.due_at is not None  # running and not paused
    if promise.due_at > ceiling.due_at:
        ledger.ring(
            promise,
            EventKind.OVER_CEILING,
            at=now,
            now=now,
            alarm=f"over_ceiling:{local(promise.due_at):%Y-%m-%dT%H:%M}",
            due_at=promise.due_at,
            ceiling_at=ceiling.due_at,
            ceiling=str(ceiling.standard),
        )
