"""How a promise is made: with a clock that runs from an event, or with a window that a planner gives."""

from datetime import datetime
from typing import Any

from django.db import transaction

from crm.models import Branch, Customer, Policy, User
from crm.selectors import calendars, house_rules
from servicing import due as ladders
from servicing.models import Commitment, CommitmentEvent, ServiceStandard
from servicing.models.commitment import EventKind
from servicing.models.standard import Authority
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
    calendar = calendars.current()
    rules = house_rules.current().time_rules(channel)
    triggered_at = triggered_at.replace(microsecond=0)
    due = due_of(standard, triggered_at, calendar=calendar, rules=rules)
    assert due.due_at is not None  # only an open pause leaves a due time unknown
    return _open(
        _draft(customer, standard, occasion, title, owner, tier, branch),
        now=now,
        by=by,
        policy=policy,
        triggered_at=triggered_at,
        starts_at=triggered_at,
        due_at=due.due_at,
        legal_latest=due.legal_latest,
        provisional=due.provisional,
        calendar_version=calendar.version,
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
    calendar = calendars.current()
    return _open(
        _draft(customer, standard, occasion, title, owner, tier, None),
        now=now,
        by=by,
        policy=policy,
        triggered_at=starts_at,
        starts_at=starts_at,
        due_at=due_at,
        calendar_version=calendar.version,
        time_rules=rules_as_data(house_rules.current().time_rules()),
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
    draft: Commitment, *, now: datetime, by: User | None, due_at: datetime, **fields: Any
) -> Commitment:
    standing = Commitment.objects.filter(
        customer=draft.customer, kind=draft.kind, occasion=draft.occasion
    ).first()
    if standing is not None:
        return standing
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.opened_at, draft.due_at = now, due_at
    calendar = calendars.current()
    # A promise recorded after its due time is looked at in the next sweep; no rung of its ladder is lost.
    draft.look_again_at = ladders.next_look(timing.moments(draft, due_at, calendar), draft.triggered_at)
    draft.save(force_insert=True)
    ledger.record(
        draft, EventKind.OPENED, at=now, now=now, by=by, due_at=due_at, standard=str(draft.standard)
    )
    note_ceiling(draft, now=now)
    return draft


def note_ceiling(row: Commitment, *, now: datetime) -> None:
    """This function will write an event on a company promise that falls due after the law's ceiling, once per due time."""
    pair = Commitment.objects.filter(customer_id=row.customer_id, occasion=row.occasion).select_related(
        "standard"
    )
    company = [c for c in pair if c.standard.authority == Authority.COMPANY and c.due_at]
    ceilings = [c for c in pair if c.standard.authority == Authority.STATUTORY and c.due_at]
    for promise in company:
        for ceiling in ceilings:
            assert promise.due_at is not None and ceiling.due_at is not None
            alarm = f"over_ceiling:{promise.due_at:%Y-%m-%dT%H:%M}"
            if promise.due_at <= ceiling.due_at:
                continue
            if CommitmentEvent.objects.filter(commitment=promise, alarm=alarm).exists():
                continue
            ledger.record(
                promise,
                EventKind.OVER_CEILING,
                at=now,
                now=now,
                alarm=alarm,
                due_at=promise.due_at,
                ceiling_at=ceiling.due_at,
                ceiling=str(ceiling.standard),
            )
