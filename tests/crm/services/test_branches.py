"""Opening branches."""

import pytest
from django.db import IntegrityError, transaction

from crm.models import Branch, LogEntry
from crm.services import branches
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


class TestOpeningABranch:
    """In the tree."""

    def test_keeps_the_path_of_its_subtree(self) -> None:
        """A branch's path begins with its parent's."""
        tree = make.branch_tree()
        assert (
            tree.office.path == f"{tree.head_office.pk}/{tree.province.pk}/{tree.city.pk}/{tree.office.pk}/"
        )
        assert set(Branch.objects.under(tree.province)) == {tree.province, tree.city, tree.office}
        assert tree.other_office not in Branch.objects.under(tree.province)

    def test_is_written_down(self) -> None:
        """The log names the branch."""
        tree = make.branch_tree()
        row = LogEntry.objects.get(action="crm.branch.opened", subject=f"crm.branch:{tree.office.pk}")
        assert row.after == {
            "name": "塘沽营业部",
            "code": "120101",
            "kind": "office",
            "path": tree.office.path,
        }

    def test_refuses_a_code_twice(self) -> None:
        """Codes are unique."""
        tree = make.branch_tree()
        with pytest.raises(branches.BranchCodeIsTaken, match="120101"):
            branches.open_branch(name="乙", code="120101", kind="office", parent=tree.city, now=make.NOW)

    def test_refuses_a_second_head_office(self) -> None:
        """There is one root."""
        make.branch_tree()
        with pytest.raises(branches.HeadOfficeExists):
            branches.open_branch(name="乙", code="x", kind="head_office", parent=None, now=make.NOW)

    @pytest.mark.parametrize("kind", ["province", "city"])
    def test_refuses_a_storey_not_below_its_parent(self, kind: str) -> None:
        """A city branch does not hold a province."""
        with pytest.raises(branches.BranchStandsTooHigh):
            branches.open_branch(name="乙", code="x", kind=kind, parent=make.branch_tree().city, now=make.NOW)

    def test_refuses_an_orphan(self) -> None:
        """Only head office belongs to none."""
        with pytest.raises(branches.BranchStandsTooHigh):
            branches.open_branch(name="乙", code="x", kind="city", parent=None, now=make.NOW)


class TestAnOpenBranch:
    def test_keeps_its_place_whoever_writes(self) -> None:
        tree = make.branch_tree()
        with pytest.raises(IntegrityError, match="a_branch_keeps_its_path"), transaction.atomic():
            Branch.objects.filter(pk=tree.office.pk).update(path="1/")

    def test_may_get_another_name(self) -> None:
        office = make.branch_tree().office
        branches.rename(branch=office, name="塘沽第一营业部", grade="A", by=None, now=make.NOW)
        office.refresh_from_db()
        assert (office.name, office.grade) == ("塘沽第一营业部", "A")
        row = LogEntry.objects.get(action="crm.branch.renamed")
        assert row.before == {"name": "塘沽营业部", "grade": "B"}
