"""Writes people: who works where, in which role, under whom."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Branch, User
from crm.models.staff import Role
from crm.refusal import Refusal
from crm.services import audit


class StaffNumberIsTaken(Refusal):
    """Another person has the staff number."""


class SupervisorIsElsewhere(Refusal):
    """A supervisor stands in the same branch or above it."""


class HeadOfficeRoleBelow(Refusal):
    """The head-office administrator works at head office, whose subtree is everything."""


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

    Raises StaffNumberIsTaken, SupervisorIsElsewhere or HeadOfficeRoleBelow.
    """
    if User.objects.filter(username=username).exists():
        raise StaffNumberIsTaken(_("工号 %(number)s 已被使用，请核对。") % {"number": username})
    if supervisor and not branch.path.startswith(supervisor.branch.path):
        raise SupervisorIsElsewhere(_("主管须在同一机构或其上级机构，请重新选择。"))
    if role == Role.HEAD_OFFICE and branch.parent_id is not None:
        raise HeadOfficeRoleBelow(_("总公司管理员须属于总公司，请改选机构或岗位。"))
    with transaction.atomic():
        person = User(username=username, name=name, branch=branch, role=role, supervisor=supervisor)
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
