"""Writes people: who works where, in which role, under whom, and who is in use. Nobody is deleted."""

import hashlib
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from crm import rights
from crm.models import Branch, User
from crm.models.login import Ending
from crm.models.staff import Role
from crm.refusal import Refusal
from crm.registry import Held, held_by
from crm.selectors.staff import KEEPERS
from crm.services import audit, persons, sessions, stand_ins


class StaffNumberIsTaken(Refusal):
    """Another person has the staff number."""


class SupervisorIsElsewhere(Refusal):
    """A supervisor stands in the same branch or above it."""


class HeadOfficeRoleBelow(Refusal):
    """The head-office administrator works at head office, whose subtree is everything."""


class SupervisorsRunInACircle(Refusal):
    """Somebody would stand above those who stand above them."""


class RoleIsNotYours(Refusal):
    """Administrators and auditors are appointed by the head office."""


class NotOneself(Refusal):
    """Nobody changes an own post or switches oneself off."""


class HandOverFirst(Refusal):
    """The person still holds work that somebody else must take first."""


class CustomersStayBehind(Refusal):
    """The person keeps customers whom the new branch cannot see."""


class LastAdministrator(Refusal):
    """Without an administrator nobody could change rules or people any more."""


class PersonChangedMeanwhile(Refusal):
    """Somebody else saved the person after the form was opened."""


class Post(TypedDict, total=False):
    """What may be changed about a person."""

    name: str
    branch: Branch
    role: str
    supervisor: User | None


APPOINTED_BY_HEAD_OFFICE = (Role.HEAD_OFFICE, Role.AUDITOR)


def stamp(person: User) -> str:
    """This function will give a short digest of a person, by which a form knows later whether it is still the same."""
    post = (person.name, person.branch_id, person.role, person.supervisor_id, person.is_active)
    return hashlib.sha256(repr(post).encode()).hexdigest()[:16]


def add_person(
    *,
    username: str,
    name: str,
    branch: Branch,
    role: str,
    now: datetime,
    password: str | None = None,
    supervisor: User | None = None,
    by: User | None = None,
) -> User:
    """This function will add a member of staff; without a password the person cannot log in yet.

    Raises StaffNumberIsTaken, SupervisorIsElsewhere, HeadOfficeRoleBelow or RoleIsNotYours.
    """
    if User.objects.filter(username=username).exists():
        raise StaffNumberIsTaken(_("工号 %(number)s 已被使用，请核对。") % {"number": username})
    person = User(username=username, name=name, branch=branch, role=role, supervisor=supervisor)
    _check_post(person, by)
    with transaction.atomic():
        person.set_password(password)
        person.save()
        audit.log(
            action="crm.staff.added",
            subject=person,
            by=by,
            now=now,
            after={"username": username, "branch": branch.code, "role": role},
        )
    return person


@transaction.atomic
def change_person(
    *, person: User, seen: str, by: User | None, now: datetime, reason: str = "", **post: Unpack[Post]
) -> User:
    """This function will give a person another name, branch, role or supervisor; the same again adds no log row.

    Raises PersonChangedMeanwhile, NotOneself, HandOverFirst, CustomersStayBehind, LastAdministrator and what
    adding raises.
    """
    row = persons.held(person.pk)
    before = _told(row)
    former_role, former_branch = row.role, row.branch_id
    if stamp(row) != seen:
        raise PersonChangedMeanwhile(_("别人刚刚保存过这位员工，请刷新后核对再改。"))
    for field, value in post.items():
        setattr(row, field, value)
    after = _told(row)
    changed = [field for field in after if after[field] != before[field]]
    if not changed:
        return row
    if by is not None and by.pk == row.pk and set(changed) != {"name"}:
        raise NotOneself(_("不能修改自己的机构、岗位和主管，请由上级机构的管理者修改。"))
    _check_post(row, by, former_role)
    if row.role != former_role:
        _check_new_role(row, former_role)
    if row.branch_id != former_branch:
        _check_new_branch(row)
    row.save(update_fields=[*post])
    audit.log(
        action="crm.staff.changed",
        subject=row,
        by=by,
        now=now,
        before={field: before[field] for field in changed},
        after={field: after[field] for field in changed},
        reason=reason[:200],
    )
    return row


@transaction.atomic
def set_password(*, person: User, password: str, by: User | None, now: datetime) -> None:
    """This function will give a person a new password; whoever is logged in with the old one is logged out."""
    _check_appointment(person.role, by)
    person.set_password(password)
    person.save(update_fields=["password"])
    sessions.end_others(user=person, key="", why=Ending.PASSWORD, now=now)
    audit.log(action="crm.staff.password_set", subject=person, by=by, now=now)


@transaction.atomic
def switch_off(*, person: User, reason: str, by: User | None, now: datetime) -> User:
    """This function will end somebody's access for good or for now, and whom they stand in for; twice is once.

    The row stays locked until the count is done, so nobody can be given a customer in between. Raises
    HandOverFirst while the person holds anything, NotOneself, LastAdministrator, RoleIsNotYours.
    """
    # all whom it touches, in the order in which stand-ins are begun, so that two of these do not wait for each other
    for pk in sorted({person.pk, *stand_ins.partners(person, now=now)}):
        persons.held(pk)
    row = persons.held(person.pk)
    if not row.is_active:
        return row
    if by is not None and by.pk == row.pk:
        raise NotOneself(_("不能停用自己，请由另一位管理者停用。"))
    _check_appointment(row.role, by)
    _check_an_administrator_stays(row)
    _check_nothing_held(held_by(row))
    row.is_active = False
    row.save(update_fields=["is_active"])
    stand_ins.end_all(person=row, by=by, now=now)
    sessions.end_others(user=row, key="", why=Ending.DISABLED, now=now)
    audit.log(action="crm.staff.switched_off", subject=row, by=by, now=now, reason=reason[:200])
    return row


@transaction.atomic
def switch_on(*, person: User, by: User | None, now: datetime) -> User:
    """This function will let somebody in again, with the password they had; twice is the same as once."""
    row = persons.held(person.pk)
    _check_appointment(row.role, by)
    if row.is_active:
        return row
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit.log(action="crm.staff.switched_on", subject=row, by=by, now=now)
    return row


def _told(row: User) -> dict[str, Any]:
    supervisor = row.supervisor.username if row.supervisor else ""
    return {"name": row.name, "branch": row.branch.code, "role": row.role, "supervisor": supervisor}


def _check_appointment(role: str, by: User | None) -> None:
    if by is not None and by.role != Role.HEAD_OFFICE and role in APPOINTED_BY_HEAD_OFFICE:
        raise RoleIsNotYours(_("总公司管理员和审计由总公司管理员维护，请联系他们。"))


def _check_post(row: User, by: User | None, former_role: str = "") -> None:
    for role in {row.role, former_role or row.role}:
        _check_appointment(role, by)
    if row.supervisor and not row.branch.path.startswith(row.supervisor.branch.path):
        raise SupervisorIsElsewhere(_("主管须在同一机构或其上级机构，请重新选择。"))
    if row.role == Role.HEAD_OFFICE and row.branch.parent_id is not None:
        raise HeadOfficeRoleBelow(_("总公司管理员须属于总公司，请改选机构或岗位。"))
    above, seen = row.supervisor, {row.pk} - {None}
    while above is not None:
        if above.pk in seen:
            raise SupervisorsRunInACircle(_("这样主管会互相管理，请另选一位主管。"))
        seen.add(above.pk)
        above = above.supervisor


def _check_new_role(row: User, former_role: str) -> None:
    if former_role == Role.HEAD_OFFICE:
        _check_an_administrator_stays(row)
    if not rights.table()["ticket_work"]["roles"].count(row.role):
        _check_nothing_held(held_by(row))
    elif row.role not in KEEPERS:
        _check_nothing_held([one for one in held_by(row) if one.key == "customers"])


def _check_new_branch(row: User) -> None:
    unseen = row.customers.count()
    if unseen:
        unseen -= row.customers.filter(branch__path__startswith=row.branch.path).count()
    if unseen:
        raise CustomersStayBehind(
            _("%(name)s 管的 %(n)d 位客户不在新机构，请先把他们交接给别人，再调动。")
            % {"name": row.name, "n": unseen}
        )
    below = row.team.select_related("branch")
    stranded = [one for one in below if not one.branch.path.startswith(row.branch.path)]
    if stranded:
        raise SupervisorIsElsewhere(
            _("%(name)s 还是 %(n)d 位原机构员工的主管，请先为他们另选主管。")
            % {"name": row.name, "n": len(stranded)}
        )


def _check_an_administrator_stays(row: User) -> None:
    others = User.objects.filter(role=Role.HEAD_OFFICE, is_active=True).exclude(pk=row.pk)
    was = User.objects.filter(pk=row.pk, role=Role.HEAD_OFFICE, is_active=True).exists()
    if was and not others.exists():
        raise LastAdministrator(_("至少要留一位在用的总公司管理员，请先新增另一位。"))


def _check_nothing_held(work: list[Held]) -> None:
    if work:
        told = "、".join(f"{one.title} {one.count}" for one in work)
        raise HandOverFirst(_("名下还有%(work)s，请先交接给别人。") % {"work": told})


def switch_keys(*, user: User, on: bool) -> None:
    """This function will switch a person's single-letter keys on or off; a habit of the hand, so nothing is logged."""
    User.objects.filter(pk=user.pk).update(keys_on=on)
