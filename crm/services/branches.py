"""Writes the tree of branches: 总公司 → 分公司 → 中心支公司 → 营业部."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.models import Branch, User
from crm.models.staff import BranchKind
from crm.refusal import Refusal
from crm.services import audit

STOREYS = [kind.value for kind in BranchKind]


class BranchCodeIsTaken(Refusal):
    """Another branch has the code."""


class BranchStandsTooHigh(Refusal):
    """A branch must stand on a lower storey than the one it belongs to; only head office belongs to none."""


class HeadOfficeExists(Refusal):
    """There is one head office."""


def open_branch(
    *,
    name: str,
    code: str,
    kind: str,
    parent: Branch | None,
    now: datetime,
    grade: str = "B",
    by: User | None = None,
) -> Branch:
    """This function will add a branch under its parent and keep the path by which subtrees are found.

    Raises BranchCodeIsTaken, BranchStandsTooHigh or HeadOfficeExists.
    """
    _check_place(kind, parent)
    if Branch.objects.filter(code=code).exists():
        raise BranchCodeIsTaken(_("机构代码 %(code)s 已被使用，请换一个。") % {"code": code})
    with transaction.atomic():
        # the path ends with the row's own id, which exists only after the insert
        branch = Branch.objects.create(
            name=name, code=code, kind=kind, grade=grade, parent=parent, path=f"new:{code}"
        )
        branch.path = f"{parent.path if parent else ''}{branch.pk}/"
        branch.save(update_fields=["path"])
        audit.log(
            action="crm.branch.opened",
            subject=branch,
            by=by,
            now=now,
            after={"name": name, "code": code, "kind": kind, "path": branch.path},
        )
    return branch


@transaction.atomic
def rename(*, branch: Branch, name: str, grade: str, by: User | None, now: datetime) -> Branch:
    """This function will give a branch another name or class; its place in the tree never changes."""
    before = {"name": branch.name, "grade": branch.grade}
    after = {"name": name.strip(), "grade": grade}
    if before != after:
        branch.name, branch.grade = after["name"], grade
        branch.save(update_fields=["name", "grade"])
        audit.log(action="crm.branch.renamed", subject=branch, by=by, now=now, before=before, after=after)
    return branch


def _check_place(kind: str, parent: Branch | None) -> None:
    if kind == BranchKind.HEAD_OFFICE and Branch.objects.filter(kind=BranchKind.HEAD_OFFICE).exists():
        raise HeadOfficeExists(_("总公司只能有一个，请把新机构建在它的下面。"))
    above = STOREYS.index(parent.kind) if parent else -1
    if STOREYS.index(kind) <= above or (parent is None) != (kind == BranchKind.HEAD_OFFICE):
        raise BranchStandsTooHigh(_("下级机构的层级必须低于上级机构，请重新选择上级或层级。"))
