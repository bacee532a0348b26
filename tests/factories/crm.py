"""Real rows of the ground floor for tests, made by the same services that the product uses."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from crm.models import Branch, Contact, Customer, Policy, Premium, Touchpoint, User
from crm.services import branches, contacts, customers, policies, staff, touchpoints
from crm.time import SHANGHAI

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
_serial = count(1)


@dataclass(frozen=True, slots=True)
class Tree:
    """Two arms of an insurer: 天津 down to a sales office, and 河北 beside it."""

    head_office: Branch
    province: Branch
    city: Branch
    office: Branch
    other_province: Branch
    other_office: Branch


def _branch(code: str, name: str, kind: str, parent: Branch | None) -> Branch:
    found = Branch.objects.filter(code=code).first()
    return found or branches.open_branch(name=name, code=code, kind=kind, parent=parent, now=NOW)


def branch_tree() -> Tree:
    """This function will make the tree, or return the one that stands."""
    head = _branch("1000", "总公司", "head_office", None)
    province = _branch("1200", "天津分公司", "province", head)
    city = _branch("1201", "滨海中心支公司", "city", province)
    office = _branch("120101", "塘沽营业部", "office", city)
    other = _branch("1300", "河北分公司", "province", head)
    other_office = _branch("130101", "石家庄营业部", "office", other)
    return Tree(head, province, city, office, other, other_office)


def person(
    username: str = "lin",
    role: str = "account_manager",
    branch: Branch | None = None,
    *,
    name: str = "",
    supervisor: User | None = None,
    password: str | None = None,
) -> User:
    """This function will make a member of staff of 塘沽营业部 (or of `branch`), or return the one that stands."""
    found = User.objects.filter(username=username).first()
    return found or staff.add_person(
        username=username,
        name=name or username,
        branch=branch or branch_tree().office,
        role=role,
        supervisor=supervisor,
        password=password,
        now=NOW,
    )


def customer(
    name: str = "天津港务集团",
    *,
    owner: User | None = None,
    branch: Branch | None = None,
    kind: str = "organisation",
    number: str = "",
    now: datetime = NOW,
    **fields: Any,
) -> Customer:
    """This function will make a customer of the owner's branch (by default 林's, in 塘沽营业部)."""
    owner = owner or person(f"keeper-{branch.code}" if branch else "lin", branch=branch)
    return customers.record_customer(
        name=name,
        kind=kind,
        branch=branch or owner.branch,
        owner=owner,
        number=number or f"K{next(_serial):07d}",
        by=None,
        now=now,
        **fields,
    )


def contact(
    customer: Customer, name: str = "张伟", *, role: str = "", now: datetime = NOW, **fields: Any
) -> Contact:
    """This function will make a person served at the customer, with a mobile phone unless told otherwise."""
    role = role or ("self" if customer.kind == "person" else "first")
    fields.setdefault("phone", f"139{next(_serial):08d}")
    return contacts.record_contact(customer=customer, role=role, name=name, by=None, now=now, **fields)


def policy(
    customer: Customer,
    *,
    number: str = "",
    effective: date = date(2026, 1, 1),
    ends: date | None = date(2026, 12, 31),
    now: datetime = NOW,
    **fields: Any,
) -> Policy:
    """This function will make a one-year group policy of the customer, unless told otherwise."""
    values = {
        "product": "团体意外伤害保险",
        "line": "group_life",
        "premium_fen": 12_000_00,
        "frequency": "annual",
        "effective_date": effective,
        "ends_date": ends,
    }
    return policies.record_policy(
        customer=customer, number=number or f"P{next(_serial):09d}", by=None, now=now, **(values | fields)
    )


def premium(
    policy: Policy,
    amount_fen: int = 12_000_00,
    paid_on: date = date(2026, 1, 2),
    *,
    year: int = 1,
    instalment: int = 1,
    number: str = "",
) -> Premium:
    """This function will book what was received on the policy, in its first year unless told otherwise."""
    return Premium.objects.create(
        policy=policy,
        number=number or f"S{next(_serial):09d}",
        paid_on=paid_on,
        amount_fen=amount_fen,
        policy_year=year,
        instalment=instalment,
    )


def touchpoint(
    customer: Customer,
    summary: str = "询问续保资料",
    *,
    by: User | None = None,
    now: datetime = NOW,
    **fields: Any,
) -> Touchpoint:
    """This function will make a call to the customer by its keeper, a minute ago."""
    values: dict[str, Any] = {
        "kind": "call",
        "direction": "out",
        "contact": None,
        "happened_at": now - timedelta(minutes=1),
        "outcome": "",
    }
    by = by or customer.owner
    return touchpoints.record(customer=customer, by=by, now=now, **(values | {"summary": summary} | fields))
