"""How a promise is made: with a clock that runs from an event, or with a window that a planner gives."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from crm import bulk
from crm.models import Branch, Customer, Policy, User
from crm.time import local
from servicing import due as ladders
from servicing.models import Commitment, CommitmentEvent, ServiceStandard
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
) -> Commitment:
    """This function will open a promise whose due time is counted from `triggered_at` by the standard's limit.

    The same customer, kind and occasion again returns the promise that stands. The tier is the one on the
    trigger's date (rulebook X-15). A due time after the law's ceiling is written down, never refused.
    """
    terms = selector.in_force(branch or customer.branch)
    draft = _draft(customer, standard, occasion, title, owner, tier, branch)
    _clock(draft, triggered_at, channel=channel, policy=policy, terms=terms)
    return _open(draft, terms=terms, now=now, by=by)


@transaction.atomic(savepoint=False)
def open_together(
    *,
    customer: Customer,
    standards: Sequence[ServiceStandard],
    occasion: str,
    about: str,
    triggered_at: datetime,
    owner: User,
    tier: str,
    now: datetime,
    terms: Terms,
    by: User | None = None,
    policy: Policy | None = None,
    branch: Branch | None = None,
    channel: str = "",
) -> list[Commitment]:
    """This function will open what an occasion promises under several standards, the company's and the law's, at once.

    As `open_clocked` does one by one, but in two statements; each is named after its standard and `about`. What
    stands already for the occasion is given back in its place.
    """
    terms = terms.at(branch or customer.branch)
    drafts = []
    for standard in standards:
        draft = _draft(customer, standard, occasion, f"{standard.name}：{about}", owner, tier, branch)
        _clock(draft, triggered_at, channel=channel, policy=policy, terms=terms)
        drafts.append(_dated(draft, terms, now))
    if not drafts:
        return []
    family = drafts
    if not bulk.insert_new(drafts, by="kind"):
        family = of_occasion(_draft(customer, standards[0], occasion, "", owner, tier, branch))
    _record([one for one in drafts if one.pk], family, now=now, by=by)
    return [one if one.pk else _of_kind(one, family) for one in drafts]


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
    draft = _draft(customer, standard, occasion, title, owner, tier, None)
    draft.policy = policy
    draft.triggered_at = draft.starts_at = starts_at
    draft.due_at, draft.time_rules = due_at, rules_as_data(terms.rules.time_rules())
    _counted_by(draft, terms)
    return _open(draft, terms=terms, now=now, by=by)


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


def _clock(
    draft: Commitment, triggered_at: datetime, *, channel: str, policy: Policy | None, terms: Terms
) -> None:
    """What a clock that runs from an instant gives the row: its due time and everything it was counted from."""
    rules, at = terms.rules.time_rules(channel), triggered_at.replace(microsecond=0)
    due = due_of(draft.standard, at, calendar=terms.counting(draft.standard), rules=rules)
    assert due.due_at is not None  # only an open pause leaves a due time unknown
    draft.policy = policy
    draft.triggered_at = draft.starts_at = at
    draft.due_at, draft.legal_latest, draft.provisional = due.due_at, due.legal_latest, due.provisional
    draft.time_rules = rules_as_data(rules)
    _counted_by(draft, terms)


def _counted_by(draft: Commitment, terms: Terms) -> None:
    for name, value in timing.counted_by(draft.standard, terms).items():
        setattr(draft, name, value)


def _dated(draft: Commitment, terms: Terms, now: datetime) -> Commitment:
    assert draft.due_at is not None  # a new promise is not paused
    draft.opened_at = now
    # A promise recorded after its due time is looked at in the next sweep; no rung of its ladder is lost.
    draft.look_again_at = ladders.next_look(timing.moments(draft, draft.due_at, terms), draft.triggered_at)
    return draft


def _open(draft: Commitment, *, terms: Terms, now: datetime, by: User | None) -> Commitment:
    family = of_occasion(draft)
    standing = same_kind(draft, family)
    if standing is not None:
        return standing
    if not bulk.insert_new([_dated(draft, terms, now)], by="kind"):
        return _of_kind(draft, of_occasion(draft))  # made by somebody else since we looked
    _record([draft], [draft, *family], now=now, by=by)
    return draft


def _of_kind(draft: Commitment, family: list[Commitment]) -> Commitment:
    standing = same_kind(draft, family)
    assert standing is not None  # it stood in the way of the draft
    return standing


def _record(opened: list[Commitment], family: list[Commitment], *, now: datetime, by: User | None) -> None:
    """The opening of each, and that one falls due after the law's ceiling: one statement for all."""
    events = [
        ledger.event(
            row, EventKind.OPENED, at=now, now=now, by=by, due_at=row.due_at, standard=str(row.standard)
        )
        for row in opened
    ]
    for row in opened:
        events += _over(row, [one for one in family if one.pk != row.pk], now=now)
    ledger.add(events)


def of_occasion(row: Commitment) -> list[Commitment]:
    """This function will list the other promises of the customer for the same occasion: the company's and the law's."""
    family = Commitment.objects.filter(customer_id=row.customer_id, occasion=row.occasion)
    return list(family.exclude(pk=row.pk).select_related("standard"))


def same_kind(row: Commitment, family: list[Commitment]) -> Commitment | None:
    """This function will find the one of an occasion's promises that is of the row's kind; there is at most one."""
    return next((one for one in family if one.kind == row.kind), None)


def note_ceiling(row: Commitment, family: list[Commitment], *, now: datetime) -> None:
    """This function will write an event on a company promise that falls due after the law's ceiling, once per due time."""
    ledger.add(_over(row, family, now=now))


def _over(row: Commitment, family: list[Commitment], *, now: datetime) -> Iterator[CommitmentEvent]:
    for other in family:
        if other.state != State.OPEN or other.due_at is None or row.due_at is None:
            continue
        pair = (row.standard.authority, other.standard.authority)
        if pair == (Authority.COMPANY, Authority.STATUTORY):
            yield from _later(row, ceiling=other, now=now)
        if pair == (Authority.STATUTORY, Authority.COMPANY):
            yield from _later(other, ceiling=row, now=now)


def _later(promise: Commitment, *, ceiling: Commitment, now: datetime) -> Iterator[CommitmentEvent]:
    assert promise.due_at is not None and ceiling.due_at is not None  # running and not paused
    if promise.due_at > ceiling.due_at:
        yield ledger.event(
            promise,
            EventKind.OVER_CEILING,
            at=now,
            now=now,
            alarm=f"over_ceiling:{local(promise.due_at):%Y-%m-%dT%H:%M}",
            due_at=promise.due_at,
            ceiling_at=ceiling.due_at,
            ceiling=str(ceiling.standard),
        )
